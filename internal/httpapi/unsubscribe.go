package httpapi

import (
	"errors"
	"log/slog"
	"net/http"

	"hearth/internal/care"
	"hearth/internal/mail"
	"hearth/internal/notify"
)

// UnsubscribePath is where the links begin that end mails of a kind.
const UnsubscribePath = "/unsubscribe/"

// Unsubscribe answers at those links. A GET shows a page with a button, because programs
// follow links in mails; the POST of the button, or of a mail program (RFC 8058), ends the
// mails. Nobody needs to be signed in: the link is all that is asked for, and can do nothing
// else.
func Unsubscribe(n *notify.Service, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, status int, p mail.Page) {
		page, err := p.HTML()
		if err != nil {
			logger.Error("writing a page failed", slog.Any("error", err))
			status = http.StatusInternalServerError
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header()["Cache-Control"] = noStore
		w.WriteHeader(status)
		_, _ = w.Write(page)
	}
	fail := func(w http.ResponseWriter, err error) {
		if errors.Is(err, care.NotFound) {
			answer(w, http.StatusNotFound, mail.Page{Title: "This link does not work", Words: "It may be cut off. You can choose which mails you get in the app, under Settings > Notifications."})
			return
		}
		logger.Error("ending mails failed", slog.Any("error", err))
		answer(w, http.StatusServiceUnavailable, mail.Page{Title: "That did not work", Words: "Nothing was changed. Try again in a moment."})
	}
	mux.HandleFunc("GET "+UnsubscribePath+"{token}", func(w http.ResponseWriter, r *http.Request) {
		known, err := n.KnownUnsubscribe(r.Context(), r.PathValue("token"))
		switch {
		case err != nil:
			fail(w, err)
		case !known:
			fail(w, care.Missing("link"))
		default:
			answer(w, http.StatusOK, mail.Page{
				Title: "No more mails of this kind?", Button: "Yes, no more mails",
				Words: "You will still see messages in the app. You can turn the mails on again there, under Settings > Notifications.",
			})
		}
	})
	mux.HandleFunc("POST "+UnsubscribePath+"{token}", func(w http.ResponseWriter, r *http.Request) {
		if err := n.Unsubscribe(r.Context(), r.PathValue("token")); err != nil {
			fail(w, err)
			return
		}
		answer(w, http.StatusOK, mail.Page{
			Title: "You get no more mails of this kind",
			Words: "You will still see messages in the app. You can turn the mails on again there, under Settings > Notifications.",
		})
	})
	mux.HandleFunc(UnsubscribePath, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodPost && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, POST")
			answer(w, http.StatusMethodNotAllowed, mail.Page{Title: "This address takes GET and POST"})
			return
		}
		fail(w, care.Missing("link"))
	})
	return mux
}
