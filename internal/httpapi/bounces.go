package httpapi

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"

	"hearth/internal/care"
	"hearth/internal/mail"
	"hearth/internal/notify"
	"hearth/internal/wire"
)

// BouncesPath is where mail servers hand in what came back.
const BouncesPath = "/bounces"

// Reports per second and at once from one address: a message blast may come back all at
// once, and who is told to wait keeps the rest.
const bouncesRate, bouncesBurst = 20, 200

// Bounces takes mails that came to the address of reports, as they are, one with each POST.
// Nobody needs to be signed in: the address that a report came to shows that it is about a
// mail of this installation. What is a report and what is none is answered alike, with 202.
func Bounces(d Deps) http.Handler {
	from := &buckets[netip.Addr]{rate: bouncesRate, burst: bouncesBurst}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Cache-Control"] = noStore
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			writeProblem(w, wire.NewProblem(care.CodeMethodNotAllowed, "Mail servers POST here what came back, one message each."))
			return
		}
		if err := takeBounce(d.Notify, r, func() error {
			if addr := tripOf(r.Context()).remote; d.RateLimits && addr.IsValid() {
				return from.take(addr, d.Clock())
			}
			return nil
		}); err != nil {
			p, known := wire.ProblemOf(err)
			if !known {
				d.Logger.LogAttrs(r.Context(), slog.LevelError, "taking a report about a mail failed",
					slog.String("request", requestID(r.Context())), slog.String("error", withoutValues(err)))
				p = wire.NewProblem(care.CodeUnavailable, "That cannot be looked at now. Keep it and try again.").With("Retry-After", "60")
			}
			writeProblem(w, p)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
}

func takeBounce(n *notify.Service, r *http.Request, limit func() error) error {
	if err := limit(); err != nil {
		return err
	}
	if r.ContentLength > mail.MaxReport {
		return tooLarge(mail.MaxReport)
	}
	message, err := io.ReadAll(io.LimitReader(r.Body, mail.MaxReport+1))
	switch {
	case err != nil:
		return malformed("The message did not arrive whole.")
	case len(message) > mail.MaxReport:
		return tooLarge(mail.MaxReport)
	}
	return n.Returned(r.Context(), bytes.NewReader(message))
}

func (a *api) mailReach() {
	route(a, get("/me/mail-reach", "get-own-mail-reach", "Whether mails reach one's address, or no more are tried because they came back"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.MailReach], error) {
			return shown(wire.MailReachOf)(a.Notify.Reach(ctx, actor, actor.User))
		})
	route(a, get("/clients/{id}/mail-reach", "get-client-mail-reach", "The same of a client"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ID care.UserID `path:"id"`
		}) (*ok[wire.MailReach], error) {
			return shown(wire.MailReachOf)(a.Notify.Reach(ctx, actor, in.ID))
		})
	again := post("/me/mail-reach/retry", "retry-own-mail", "Have mails tried to one's address again")
	again.DefaultStatus = http.StatusOK
	route(a, again, anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.MailReach], error) {
			return a.tryAgain(ctx, actor, actor.User)
		})
	again = post("/clients/{id}/mail-reach/retry", "retry-client-mail", "Have mails tried to a client's address again")
	again.DefaultStatus = http.StatusOK
	route(a, again, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ID care.UserID `path:"id"`
		}) (*ok[wire.MailReach], error) {
			return a.tryAgain(ctx, actor, in.ID)
		})
}

func (a *api) tryAgain(ctx context.Context, actor care.Actor, user care.UserID) (*ok[wire.MailReach], error) {
	if err := a.Notify.TryAgain(ctx, actor, user); err != nil {
		return nil, err
	}
	return shown(wire.MailReachOf)(a.Notify.Reach(ctx, actor, user))
}
