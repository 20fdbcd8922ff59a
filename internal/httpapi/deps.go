package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"

	"hearth/internal/attach"
	"hearth/internal/autoreply"
	"hearth/internal/blast"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/notes"
	"hearth/internal/notify"
	"hearth/internal/onboard"
	"hearth/internal/preference"
	"hearth/internal/templates"
	"hearth/internal/transcript"
	"hearth/internal/waiting"
	"hearth/internal/webhook"
	"hearth/internal/wire"
)

// Deps is what the API needs. Authenticate, Clock and Logger must be set; a resource
// adds the service it calls as a field.
type Deps struct {
	// Authenticate finds who a session token or API token belongs to. It fails with
	// care.Unauthenticated when it belongs to nobody. It is asked once per request.
	Authenticate func(ctx context.Context, token string) (care.Actor, error)
	Identity     *identity.Service
	Onboard      *onboard.Service
	Directory    *directory.Service
	DB           *db.DB
	Chat         *chat.Service
	Search       *chat.Search
	ChatAccess   *chataccess.Service
	Preferences  *preference.Service
	Attach       *attach.Service
	Notes        *notes.Service
	Templates    *templates.Service
	AutoReply    *autoreply.Service
	Transcript   *transcript.Service
	Blasts       *blast.Service
	Waiting      *waiting.Service
	Webhooks     *webhook.Service
	Notify       *notify.Service
	// Live is the WebSocket hub; nil where there is none.
	Live http.Handler
	// SetupCode opens POST /installation; nil when that door is shut.
	SetupCode *SetupCode
	// Demo is set in demo mode only: SignIns is its sign-in sheet, which anybody may read.
	Demo    bool
	SignIns []wire.SignIn
	Clock   care.Clock
	Logger  *slog.Logger

	// PublicURL is where browsers reach the server; nil when it was not configured, then
	// the Host header decides what the same origin is.
	PublicURL *url.URL
	// TrustedProxies are the networks whose X-Forwarded-For and X-Forwarded-Proto count.
	TrustedProxies []netip.Prefix
	// RateLimits is off for load tests only.
	RateLimits bool
	// Version is shown in the OpenAPI document.
	Version string
}
