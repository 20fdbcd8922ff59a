package inspect

import (
	"encoding/binary"
	"time"
)

const maxDuration = 24 * time.Hour

// lasting gives n units of rate per second, or 0 for what cannot be.
func lasting(n, rate uint64) time.Duration {
	if rate == 0 || n/rate >= uint64(maxDuration/time.Second) {
		return 0
	}
	return time.Duration(n/rate)*time.Second + time.Duration(n%rate)*time.Second/time.Duration(rate)
}

// wav walks the chunks of a RIFF file: one that tells the form, one with the sound, and
// nothing behind the end.
func (f *file) wav(is format) (Kind, error) {
	var form, sound bool
	var perSecond, bytes uint64
	for off := int64(12); off < f.size; {
		head, err := f.stretch(off, 8)
		if err != nil {
			return Kind{}, damaged("recording")
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			body, err := f.stretch(off+8, 16)
			if err != nil {
				return Kind{}, damaged("recording")
			}
			form, perSecond = true, uint64(binary.LittleEndian.Uint32(body[8:]))
		case "data":
			size = min(size, f.size-off-8) // recorders that were stopped leave it too large
			sound, bytes = true, uint64(size)
		}
		off += 8 + size + size%2
		if off > f.size+1 {
			return Kind{}, damaged("recording")
		}
	}
	if !form || !sound {
		return Kind{}, damaged("recording")
	}
	return Kind{format: is, Duration: lasting(bytes, perSecond)}, nil
}

// ogg walks the pages to the end. The first packet of each stream says what it carries.
func (f *file) ogg(is format) (Kind, error) {
	var last, rate, skip uint64
	for off := int64(0); off < f.size; {
		head, err := f.stretch(off, 27)
		if err != nil || string(head[:4]) != "OggS" || head[4] != 0 {
			return Kind{}, damaged("recording")
		}
		lengths, err := f.stretch(off+27, int64(head[26]))
		if err != nil {
			return Kind{}, damaged("recording")
		}
		body := int64(0)
		for _, n := range lengths {
			body += int64(n)
		}
		at := off + 27 + int64(len(lengths))
		if head[5]&2 != 0 { // the first page of a stream
			if rate, skip, err = f.oggStream(at, body); err != nil {
				return Kind{}, err
			}
		}
		if position := binary.LittleEndian.Uint64(head[6:]); position != ^uint64(0) {
			last = max(last, position)
		}
		if off = at + body; off > f.size {
			return Kind{}, damaged("recording")
		}
	}
	if rate == 0 {
		return Kind{}, damaged("recording")
	}
	return Kind{format: is, Duration: lasting(last-min(skip, last), rate)}, nil
}

// oggStream reads the first packet of a stream: its rate, and what is skipped at first.
func (f *file) oggStream(at, n int64) (rate, skip uint64, err error) {
	packet, err := f.stretch(at, min(n, 64))
	if err != nil {
		return 0, 0, damaged("recording")
	}
	is := func(magic string) bool { return len(packet) >= len(magic) && string(packet[:len(magic)]) == magic }
	switch {
	case is("OpusHead") && len(packet) >= 19:
		return 48_000, uint64(binary.LittleEndian.Uint16(packet[10:])), nil
	case is("\x01vorbis") && len(packet) >= 16:
		return uint64(binary.LittleEndian.Uint32(packet[12:])), 0, nil
	case is("Speex   ") && len(packet) >= 40:
		return uint64(binary.LittleEndian.Uint32(packet[36:])), 0, nil
	case is("\x7fFLAC") && len(packet) >= 30: // the rate has 20 bits
		return uint64(packet[27])<<12 | uint64(packet[28])<<4 | uint64(packet[29])>>4, 0, nil
	case is("\x80theora"):
		return 0, 0, refuse(CodeType, whyVideo)
	}
	return 0, 0, refuse(CodeType, whyUnknown)
}
