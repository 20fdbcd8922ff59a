package transcript

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// work is one attempt to make a file. It belongs to the job's goroutine.
type work struct {
	service *Service
	claim   *jobs.Claim
	export  Export
	zone    *time.Location

	actor       care.Actor // as they may act now
	done, total int64
	first, last int64 // the numbers of the messages in it
	told        time.Time
}

// tellEvery is how often progress is written down.
const tellEvery = time.Second

// write makes the whole file.
func (w *work) write(ctx context.Context, out io.Writer) error {
	c, err := w.look(ctx)
	if err != nil {
		return err
	}
	if w.zone, err = time.LoadLocation(w.export.TimeZone); err != nil {
		return err
	}
	h, err := w.head(ctx, c)
	if err != nil {
		return err
	}
	if err := w.measure(ctx, c); err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(out, 64<<10)
	if w.export.Attachments {
		err = w.bundle(ctx, buffered, h)
	} else {
		err = w.document(ctx, buffered, h)
	}
	return errors.Join(err, buffered.Flush())
}

// measure says what the file will hold: everything until now.
func (w *work) measure(ctx context.Context, c chat.Conversation) (err error) {
	if w.first, err = w.service.firstReadable(ctx, w.actor, c.ID); err != nil || w.first == 0 {
		return err
	}
	w.last = c.LastSeq
	w.total = w.last - w.first + 1
	if w.export.Attachments {
		w.total *= 2 // the messages, and then once more for their files
	}
	return nil
}

// look asks once more what the requester may do and read.
func (w *work) look(ctx context.Context) (c chat.Conversation, err error) {
	if w.actor, err = w.service.chat.Actor(ctx, w.export.org, w.export.requester); err != nil {
		return c, err
	}
	return w.service.readable(ctx, w.actor, w.export.Conversation)
}

// head is what stands before the messages.
func (w *work) head(ctx context.Context, c chat.Conversation) (h head, err error) {
	practice, err := w.service.people.Organization(ctx, w.actor)
	if err != nil {
		return h, err
	}
	return head{
		Practice: practice.Name, Conversation: c, By: w.actor.Person(), At: w.service.clock(),
		Zone: w.zone, ZoneName: w.export.TimeZone, Files: w.export.Attachments, reader: w.actor.User,
	}, nil
}

// document writes the document alone.
func (w *work) document(ctx context.Context, out io.Writer, h head) error {
	d := newDocument(w.export.Format, out, h)
	d.begin()
	err := w.walk(ctx, func(m care.Message) error {
		e := entry{Message: m}
		for i, file := range m.Attachments {
			f := entryFile{Attachment: file}
			if h.Files {
				f.Path = pathOf(m, i)
				if f.Picture, _ = w.thumbnail(ctx, file); ctx.Err() != nil {
					return ctx.Err()
				}
			}
			e.Files = append(e.Files, f)
		}
		d.message(e)
		return nil
	})
	if err != nil {
		return err
	}
	return d.end()
}

// walk gives every message to visit, in order, as the requester may read it at that
// moment: who loses that in the middle gets no file.
func (w *work) walk(ctx context.Context, visit func(care.Message) error) error {
	for after := w.first - 1; after < w.last; {
		if _, err := w.look(ctx); err != nil {
			return err
		}
		list, _, err := w.service.chat.Messages(ctx, w.actor, w.export.Conversation, chat.Page{After: &after, Limit: pageSize})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		for _, m := range list {
			if m.Seq > w.last {
				break
			}
			if err := visit(m); err != nil {
				return err
			}
			w.done++
			if err := w.tell(ctx); err != nil {
				return err
			}
		}
		after = list[len(list)-1].Seq
	}
	return nil
}

// tell writes down how far the export is, and keeps the job.
func (w *work) tell(ctx context.Context) error {
	s := w.service
	now := s.clock()
	if now.Sub(w.told) < tellEvery {
		return ctx.Err()
	}
	w.told = now
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		wanted, err := s.set(ctx, tx, w.export.ID, Running, Running, `done = $5, total = $6`, w.done, w.total)
		if err == nil && !wanted {
			err = errGone
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.claim.Extend(ctx)
}

// maxThumbnail bounds what is put into a document for a picture.
const maxThumbnail = 1 << 20

// thumbnail reads the small picture of a picture; nil where it has none.
func (w *work) thumbnail(ctx context.Context, file care.Attachment) ([]byte, error) {
	if !file.Thumbnail {
		return nil, nil
	}
	picture, err := w.service.attach.Open(ctx, file.ID, true)
	if err != nil {
		return nil, err
	}
	defer picture.Close()
	if picture.Size() > maxThumbnail {
		return nil, nil
	}
	return io.ReadAll(picture)
}

// bundle writes a ZIP of the document and the files. These are found by walking a second
// time, so that nothing has to be kept meanwhile.
func (w *work) bundle(ctx context.Context, out io.Writer, h head) error {
	z := zip.NewWriter(out)
	document, err := z.CreateHeader(&zip.FileHeader{Name: "conversation." + string(w.export.Format), Method: zip.Deflate, Modified: h.At})
	if err != nil {
		return err
	}
	if err := w.document(ctx, document, h); err != nil {
		return err
	}
	err = w.walk(ctx, func(m care.Message) error {
		for i, file := range m.Attachments {
			if err := w.add(ctx, z, pathOf(m, i), m.CreatedAt, file); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// add copies a file as it is stored. One that is gone in this moment is left out.
func (w *work) add(ctx context.Context, z *zip.Writer, path string, at time.Time, file care.Attachment) error {
	content, err := w.service.attach.Open(ctx, file.ID, false)
	if errors.Is(err, care.NotFound) {
		return nil
	} else if err != nil {
		return err
	}
	defer content.Close()
	to, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store, Modified: at})
	if err != nil {
		return err
	}
	return w.copy(ctx, to, content)
}

const copyAtOnce = 1 << 20

func (w *work) copy(ctx context.Context, to io.Writer, from *blob.File) error {
	for {
		switch _, err := io.CopyN(to, from, copyAtOnce); err {
		case nil:
			if err := w.tell(ctx); err != nil {
				return err
			}
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

// pathOf is where a file lies in the ZIP: its message's number and its place there make
// it the only one.
func pathOf(m care.Message, i int) string {
	return fmt.Sprintf("files/%06d-%d-%s", m.Seq, i+1, safeName(m.Attachments[i].Name))
}
