package inspect

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strings"
	"time"
)

// The elements of WebM that are looked at.
const (
	ebmlHead    = 0x1a45dfa3
	docType     = 0x4282
	segment     = 0x18538067
	info        = 0x1549a966
	timeScale   = 0x2ad7b1
	durationEl  = 0x4489
	tracks      = 0x1654ae6b
	trackEntry  = 0xae
	trackType   = 0x83
	cluster     = 0x1f43b675
	clusterTime = 0xe7
	blockGroup  = 0xa0
	block       = 0xa1
	simpleBlock = 0xa3

	soundTrack = 2
)

// webmWalk gathers what tells sound from video, and how long it plays: browsers that
// record write no duration, so the time of the last block is taken.
type webmWalk struct {
	*file
	kind    string
	sound   bool
	scale   uint64 // nanoseconds per tick
	stated  float64
	cluster uint64
	last    uint64
	visits  int
}

// webm checks that a file holds sound and no video.
func (f *file) webm(is format) (Kind, error) {
	w := &webmWalk{file: f, scale: 1_000_000}
	if err := w.walk(0, f.size); err != nil {
		return Kind{}, orDamaged(err)
	}
	if w.kind != "webm" && w.kind != "matroska" {
		return Kind{}, refuse(CodeType, whyUnknown)
	}
	if !w.sound {
		return Kind{}, damaged("recording")
	}
	return Kind{format: is, Duration: w.lasts()}, nil
}

func (w *webmWalk) lasts() time.Duration {
	ticks := float64(w.last)
	if w.stated > 0 {
		ticks = w.stated
	}
	if ns := ticks * float64(w.scale); ns > 0 && ns < float64(maxDuration) {
		return time.Duration(ns)
	}
	return 0
}

// walk goes through elements in one pass: those that hold others are entered by going on
// behind their head, so that one of unknown size needs no end.
func (w *webmWalk) walk(off, to int64) error {
	for off < to {
		if w.visits++; w.visits > 10*maxVisits {
			return damaged("recording")
		}
		id, size, n, unknown, err := w.head(off)
		if err != nil {
			return err
		}
		off += n
		switch id {
		case segment, cluster, info, tracks, trackEntry, blockGroup, ebmlHead:
			continue
		}
		if unknown || size > to-off {
			return errShort
		}
		if err := w.element(id, off, size); err != nil {
			return err
		}
		off += size
	}
	return nil
}

// head reads an element's id and size.
func (w *webmWalk) head(off int64) (id uint64, size, n int64, unknown bool, err error) {
	p, err := w.stretch(off, min(12, w.size-off))
	if err != nil {
		return 0, 0, 0, false, err
	}
	idBytes := bits.LeadingZeros8(p[0]) + 1
	if idBytes > 4 || len(p) <= idBytes {
		return 0, 0, 0, false, errShort
	}
	for _, b := range p[:idBytes] {
		id = id<<8 | uint64(b)
	}
	p = p[idBytes:]
	sizeBytes := bits.LeadingZeros8(p[0]) + 1
	if sizeBytes > 8 || len(p) < sizeBytes {
		return 0, 0, 0, false, errShort
	}
	all := uint64(p[0]) & (1<<(8-sizeBytes) - 1)
	for _, b := range p[1:sizeBytes] {
		all = all<<8 | uint64(b)
	}
	unknown = all == 1<<(7*sizeBytes)-1
	return id, int64(all), int64(idBytes + sizeBytes), unknown, nil
}

func (w *webmWalk) element(id uint64, off, size int64) error {
	p, err := w.stretch(off, min(size, 16))
	if err != nil {
		return err
	}
	switch id {
	case docType:
		w.kind = strings.TrimRight(string(p), "\x00")
	case timeScale:
		w.scale = number(p)
	case durationEl:
		w.stated = decimal(p)
	case trackType:
		if number(p) != soundTrack {
			return refuse(CodeType, whyVideo)
		}
		w.sound = true
	case clusterTime:
		w.cluster = number(p)
	case simpleBlock, block:
		if len(p) >= 4 && p[0]&0x80 != 0 { // the track in one byte, then a time of two
			at := int64(w.cluster) + int64(int16(binary.BigEndian.Uint16(p[1:])))
			w.last = max(w.last, uint64(max(at, 0)))
		}
	}
	return nil
}

func number(p []byte) (n uint64) {
	for _, b := range p[:min(len(p), 8)] {
		n = n<<8 | uint64(b)
	}
	return n
}

func decimal(p []byte) float64 {
	switch len(p) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(p)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(p))
	}
	return 0
}
