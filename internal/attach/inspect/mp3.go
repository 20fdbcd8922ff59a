package inspect

import "time"

// seemsMP3 looks for the tag that most MP3 files begin with, or for the mark of a frame.
func (f *file) seemsMP3() bool {
	if f.begins("ID3") {
		return true
	}
	_, ok := mp3Frame(f.head)
	return ok && len(f.head) >= 4
}

type frame struct {
	bytes   int64
	samples uint64
	rate    uint64
}

var (
	mp3Rates = [4]uint64{44100, 48000, 32000, 0}
	kbits    = map[bool][16]int64{ // layer III, by whether it is MPEG 1
		true:  {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
		false: {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
	}
)

// mp3Frame reads the four bytes that a frame of layer III begins with.
func mp3Frame(p []byte) (frame, bool) {
	if len(p) < 4 || p[0] != 0xff || p[1]&0xe0 != 0xe0 {
		return frame{}, false
	}
	version, layer := p[1]>>3&3, p[1]>>1&3
	rate, kbit := mp3Rates[p[2]>>2&3], kbits[version == 3][p[2]>>4]
	if version == 1 || layer != 1 || rate == 0 || kbit == 0 {
		return frame{}, false
	}
	samples := uint64(1152)
	if version != 3 { // MPEG 2, and 2.5 with half of its rate
		samples = 576
		rate >>= 1
		if version == 0 {
			rate >>= 1
		}
	}
	padding := int64(p[2] >> 1 & 1)
	return frame{int64(samples)/8*kbit*1000/int64(rate) + padding, samples, rate}, true
}

// mp3 walks the frames behind the tag to the end, where an older tag may stand.
func (f *file) mp3(is format) (Kind, error) {
	off := int64(0)
	if f.begins("ID3") && len(f.head) >= 10 {
		h := f.head
		off = 10 + (int64(h[6]&127)<<21 | int64(h[7]&127)<<14 | int64(h[8]&127)<<7 | int64(h[9]&127))
	}
	var lasts time.Duration
	frames := 0
	for off+4 <= f.size {
		head, err := f.stretch(off, 4)
		if err != nil {
			return Kind{}, err
		}
		fr, ok := mp3Frame(head)
		if !ok {
			break
		}
		off += fr.bytes
		frames++
		lasts += lasting(fr.samples, fr.rate)
	}
	const tags = 128 << 10 // what may follow the last frame: tags with a picture
	switch {
	case frames < 3 && f.begins("ID3"):
		return Kind{}, damaged("recording")
	case frames < 3:
		return Kind{}, refuse(CodeType, whyUnknown)
	case off < f.size-tags:
		return Kind{}, damaged("recording")
	}
	return Kind{format: is, Duration: lasts}, nil
}
