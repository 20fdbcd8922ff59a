package inspect

import "encoding/binary"

// box is one box of an MP4 file: a size, four letters, and a body.
type box struct {
	kind      string
	body, end int64
}

// boxes calls fn for every box between two places. They must fill the stretch exactly.
func (f *file) boxes(from, to int64, fn func(box) error) error {
	for off := from; off < to; {
		head, err := f.stretch(off, 8)
		if err != nil {
			return err
		}
		b := box{string(head[4:]), off + 8, off + int64(binary.BigEndian.Uint32(head))}
		switch b.end - off {
		case 0: // to the end
			b.end = to
		case 1:
			long, err := f.stretch(off+8, 8)
			if err != nil {
				return err
			}
			b.body, b.end = off+16, off+int64(binary.BigEndian.Uint64(long)&(1<<62-1))
		}
		if b.end < b.body || b.end > to {
			return errShort
		}
		if err := fn(b); err != nil {
			return err
		}
		off = b.end
	}
	return nil
}

// mp4Walk gathers what tells sound from video. visits bounds the work for files that are
// all heads and no bodies.
type mp4Walk struct {
	*file
	kind   Kind
	sound  bool
	visits int
}

const maxVisits = 100_000

// mp4 checks that a file holds sound and no video.
func (f *file) mp4(is format) (Kind, error) {
	w := &mp4Walk{file: f, kind: Kind{format: is}}
	if err := f.boxes(0, f.size, w.visit); err != nil {
		return Kind{}, orDamaged(err)
	}
	if !w.sound {
		return Kind{}, damaged("recording")
	}
	return w.kind, nil
}

func (w *mp4Walk) visit(b box) error {
	if w.visits++; w.visits > maxVisits {
		return damaged("recording")
	}
	switch b.kind {
	case "moov", "trak", "mdia":
		return w.boxes(b.body, b.end, w.visit)
	case "mvhd":
		return w.duration(b)
	case "hdlr":
		body, err := w.stretch(b.body, 12)
		if err != nil {
			return err
		}
		switch string(body[8:]) {
		case "soun":
			w.sound = true
		case "vide":
			return refuse(CodeType, whyVideo)
		}
	}
	return nil
}

func (w *mp4Walk) duration(b box) error {
	body, err := w.stretch(b.body, min(32, b.end-b.body))
	switch {
	case err != nil:
		return err
	case len(body) >= 20 && body[0] == 0:
		w.kind.Duration = lasting(uint64(binary.BigEndian.Uint32(body[16:])), uint64(binary.BigEndian.Uint32(body[12:])))
	case len(body) >= 32 && body[0] == 1:
		w.kind.Duration = lasting(binary.BigEndian.Uint64(body[24:]), uint64(binary.BigEndian.Uint32(body[20:])))
	}
	return nil
}
