package httpapi

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/wire"
)

// AttachmentPath names a file. It is exported to be embedded.
type AttachmentPath struct {
	ID care.AttachmentID `path:"id"`
}

// fileLimits is what a file may be, so that a browser need not send what is refused.
type fileLimits struct {
	MaxBytes      int64 `json:"max_bytes" doc:"Of one file"`
	MaxPerMessage int   `json:"max_per_message"`
}

func (a *api) attachments() {
	route(a, get("/attachments/limits", "get-attachment-limits", "How large files may be, and how many a message may have"), anyone,
		func(context.Context, care.Actor, *struct{}) (*ok[fileLimits], error) {
			l := a.Attach.Limits()
			return answer(fileLimits{MaxBytes: l.Bytes, MaxPerMessage: l.PerMessage}), nil
		})
	sending := post("/attachments", "upload-attachment", "Send a file, then name its id in a message; one that no message names for a day is removed")
	sending.Description = "What it is is told from its bytes. Pictures are made anew, turned upright and without their camera's data. " +
		"Refused with a reason in errors are programs, archives, web pages, drawings with code, documents with macros, files that are two things at once, and names full of tricks."
	sending.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"multipart/form-data": {
		Schema: &huma.Schema{
			Type: huma.TypeObject, Required: []string{"file"},
			Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
		},
	}}}
	route(a, sending, anyone, a.upload)
	reading := get("/attachments/{id}", "get-attachment", "A file of a message that one may read, or one that one has sent; with ranges")
	reading.Responses = map[string]*huma.Response{"200": {
		Description: "The bytes. Pictures and recordings are shown by browsers, everything else is saved",
		Content:     map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	route(a, reading, anyone, a.download)
	route(a, del("/attachments/{id}", "discard-attachment", "Remove a file that one has sent and no message has"), anyone,
		func(ctx context.Context, actor care.Actor, in *AttachmentPath) (*none, error) {
			return nil, a.Attach.Discard(ctx, actor, in.ID)
		})
}

// Parcel gives a handler the request as it comes, for a body that is too large to be
// held in memory. It is exported for huma.
type Parcel struct {
	request *http.Request
	writer  http.ResponseWriter
}

// Resolve is called by huma.
func (p *Parcel) Resolve(ctx huma.Context) []error {
	p.request, p.writer = humago.Unwrap(ctx)
	return nil
}

const (
	// stalled is how long a connection may stand still while a file goes over it. How
	// long the whole takes is up to the network of who sends or reads.
	stalled = time.Minute
	// aroundFile is what a multipart body has beside the file.
	aroundFile = 64 << 10
)

func (a *api) upload(ctx context.Context, actor care.Actor, in *Parcel) (*made[wire.Attachment], error) {
	limit := a.Attach.Limits().Bytes
	if in.request.ContentLength > limit+aroundFile {
		return nil, attach.TooLarge(limit)
	}
	in.request.Body = &arriving{tripOf(ctx).body, http.NewResponseController(in.writer), a.now, limit + 2*aroundFile}
	parts, err := in.request.MultipartReader()
	if err != nil {
		return nil, wire.NewProblem(care.CodeUnsupportedMediaType, "Send multipart/form-data with one part named file.")
	}
	part, err := parts.NextRawPart()
	if err != nil {
		return nil, notWhole(err, care.BadField("file", "required", "Must be given."))
	}
	field, name := partNames(part)
	switch {
	case field != "file":
		return nil, fieldNotKnown(field)
	case name == "":
		return nil, care.BadField("file", "required", "Must be a file, with its name.")
	}
	kept, err := a.Attach.Upload(ctx, actor, name, part)
	if err != nil {
		return nil, notWhole(err, err)
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		refusal := care.BadField("file", "too_many", "Must be one file; send others by further calls.")
		return nil, errors.Join(notWhole(err, refusal), a.Attach.Discard(ctx, actor, kept.ID))
	}
	return created(wire.AttachmentOf(kept), false), nil
}

func fieldNotKnown(field string) error {
	return &care.Error{
		Kind: care.Invalid, Code: care.CodeInvalid, Message: "Some of what was sent cannot be used.",
		Fields: []care.FieldError{fieldError(strings.ToValidUTF8(field, ""), "unexpected property")},
	}
}

// partNames reads the names of a part. The library's own function takes the last element
// of a path, which would hide what the name of a file pretends. Browsers write quotes and
// line breaks in it as they do in addresses.
func partNames(part *multipart.Part) (field, file string) {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return "", ""
	}
	return params["name"], strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n").Replace(params["filename"])
}

// notWhole is the answer to a body that broke off; otherwise it is what it is.
func notWhole(err, otherwise error) error {
	var broken *brokenOff
	var network interface{ Timeout() bool }
	if errors.As(err, &broken) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return malformed("The file did not arrive whole.")
	}
	return otherwise
}

type brokenOff struct{ error }

// arriving reads a body for as long as something comes.
type arriving struct {
	io.ReadCloser
	control *http.ResponseController
	now     care.Clock
	left    int64
}

// Read waits for what comes next.
func (r *arriving) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, &brokenOff{errors.New("the body is longer than it may be")}
	}
	// Where there are no deadlines, such as in a test, there is nothing to push on.
	_ = r.control.SetReadDeadline(r.now().Add(stalled))
	_ = r.control.SetWriteDeadline(r.now().Add(2 * stalled))
	n, err := r.ReadCloser.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	if err != nil && err != io.EOF {
		err = &brokenOff{err}
	}
	return n, err
}

// FileRequest asks for a file. It is exported for huma.
type FileRequest struct {
	AttachmentPath
	Size     string `query:"size" enum:"thumbnail" doc:"A small picture of a picture, where has_thumbnail says that there is one"`
	Download bool   `query:"download" doc:"Save it, rather than show it"`
}

func (a *api) download(ctx context.Context, actor care.Actor, in *FileRequest) (*huma.StreamResponse, error) {
	found, err := a.Chat.Attachment(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	thumbnail := in.Size == "thumbnail"
	if thumbnail && !found.Thumbnail {
		return nil, care.Missing("thumbnail")
	}
	file, err := a.Attach.Open(ctx, in.ID, thumbnail)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer file.Close()
		r, w := humago.Unwrap(out)
		setFileHeaders(w.Header(), found, thumbnail, in.Download)
		http.ServeContent(w, r, "", time.Time{}, &leaving{file, http.NewResponseController(w), a.now})
	}}, nil
}

// setFileHeaders lets a browser show what cannot do harm and save the rest, run nothing,
// and keep nothing.
func setFileHeaders(h http.Header, f attach.File, thumbnail, save bool) {
	mediaType, version := f.MediaType, ""
	if thumbnail {
		mediaType, version = f.ThumbnailType, "-thumbnail"
	}
	disposition := "attachment"
	if kind, _, _ := strings.Cut(mediaType, "/"); !save && (kind == "image" || kind == "audio") {
		disposition = "inline"
	}
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Accept-Ranges", "bytes")
	h.Set("ETag", `"`+f.ID.String()+version+`"`) // what an id names never changes
}

// leaving sends a file for as long as somebody takes it.
type leaving struct {
	*blob.File
	control *http.ResponseController
	now     care.Clock
}

// Read gives the next stretch, and time to send it.
func (l *leaving) Read(p []byte) (int, error) {
	_ = l.control.SetWriteDeadline(l.now().Add(stalled)) // as in arriving
	return l.File.Read(p)
}
