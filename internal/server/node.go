package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/internal/attach"
	"hearth/internal/autoreply"
	"hearth/internal/blast"
	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/httpapi"
	"hearth/internal/identity"
	"hearth/internal/jobs"
	"hearth/internal/live"
	"hearth/internal/mail"
	"hearth/internal/notes"
	"hearth/internal/notify"
	"hearth/internal/onboard"
	"hearth/internal/outbox"
	"hearth/internal/outward"
	"hearth/internal/preference"
	"hearth/internal/templates"
	"hearth/internal/transcript"
	"hearth/internal/waiting"
	"hearth/internal/webhook"
	"hearth/internal/webui"
	"hearth/internal/wire"
)

// expireEvery is how often settings of chat access that were made until a moment are
// looked for.
const expireEvery = 5 * time.Second

// resumeEvery is how often changes of chat access of many clients are looked for that
// somebody stopped writing to the clients.
const resumeEvery = time.Minute

// node is one running Hearth without its listeners.
type node struct {
	cfg     Config
	db      *db.DB
	bus     bus.Bus
	endBus  func()
	metrics *prometheus.Registry
	health  *health
	signIns []wire.SignIn // of the demo

	identity   *identity.Service
	directory  *directory.Service
	chat       *chat.Service
	search     *chat.Search
	attach     *attach.Service
	chatAccess *chataccess.Service
	preference *preference.Service
	onboard    *onboard.Service
	notes      *notes.Service
	templates  *templates.Service
	autoreply  *autoreply.Service
	transcript *transcript.Service
	blasts     *blast.Service
	waiting    *waiting.Service
	notify     *notify.Service
	outbox     *outbox.Outbox
	outward    *outward.Client
	webhooks   *webhook.Service
	hub        *live.Hub
	runner     *jobs.Runner

	stopWork context.CancelFunc
	work     sync.WaitGroup
}

// newNode puts the services together over an open store. links is where links of mails
// and invitations begin.
func newNode(ctx context.Context, cfg Config, d *db.DB, links *url.URL) (*node, error) {
	n := &node{cfg: cfg, db: d, metrics: newMetrics(), health: &health{store: d}}
	if err := n.openBus(ctx); err != nil {
		return nil, err
	}
	clock := cfg.clock()
	n.runner = jobs.New(d, clock, jobs.Config{Logger: cfg.Logger, Observe: jobObserver(n.metrics)})
	n.directory = directory.New(d, clock)
	n.identity = identity.New(d, clock, identity.Config{
		PublicURL: links.String(), Mail: mailer(cfg.SMTP), Bus: n.bus, Wake: n.runner.Wake, Unlimited: cfg.Unlimited,
		Seen: n.directory.Seen, Ended: notify.SessionsEnded,
	})
	n.identity.Register(n.runner)
	n.runner.Every("chat_access.expire", expireEvery, func(ctx context.Context, _ *jobs.Claim) error {
		_, err := n.chatAccess.Expire(ctx)
		return err
	})
	n.runner.Every("chat_access.resume", resumeEvery, func(ctx context.Context, _ *jobs.Claim) error { return n.chatAccess.Resume(ctx) })
	n.chat = chat.New(d, clock, n.bus)
	n.chat.LimitCommunities(cfg.CommunityLimit)
	n.search = chat.NewSearch(n.chat)
	n.chatAccess = chataccess.New(d, clock, n.chat, n.bus)
	n.chat.SettleBy(n.chatAccess.SettleClient)
	n.preference = preference.New(d, clock, n.runner.Wake, n.bus)
	n.preference.Register(n.runner)
	n.chat.Register(n.runner)
	if err := n.openFiles(ctx); err != nil {
		return nil, err
	}
	n.onboard = onboard.New(d, clock, n.directory, n.identity, n.chat, n.bus)
	n.blasts = blast.New(d, clock, n.chat, n.attach, n.bus)
	if cfg.Unlimited {
		n.blasts.Unlimit()
	}
	n.waiting = waiting.New(d, clock, n.bus)
	n.waiting.Register(n.runner)
	n.notes = notes.New(d, clock, n.chat, n.bus)
	n.templates = templates.NewService(d, clock, n.chat, n.directory)
	n.autoreply = autoreply.New(d, clock, n.chat, n.directory, n.bus)
	n.autoreply.Register(n.runner)
	n.onboard.GreetBy(n.autoreply.Greet)
	n.outward = outward.NewTrusting(cfg.AllowPrivate, cfg.Authorities)
	if err := n.openNotify(ctx, links); err != nil {
		return nil, err
	}
	n.webhooks = webhook.New(d, clock, n.outward)
	n.webhooks.Register(n.runner)
	n.outbox = outbox.New(d, clock, n.autoreply, n.notify, n.webhooks, n.waiting)
	n.bus.Subscribe(n.wakeOutbox)
	n.hub = live.New(live.Config{
		Chat: n.chat, Notes: n.notes, Blasts: n.blasts, Waiting: n.waiting, Told: n.notify, Bus: n.bus, Authenticate: n.identity.Authenticate, Check: n.identity.Check, Used: n.identity.Used,
		Notices: n.chatAccess.Notices, Cookies: httpapi.CookieNames,
		PublicURL: cfg.PublicURL, RateLimits: !cfg.Unlimited, Clock: clock, Logger: cfg.Logger,
	})
	n.notify.LookBy(n.hub.Looking)
	observeStore(n.metrics, d)
	observeHub(n.metrics, n.hub)
	observeBlasts(n.metrics, n.blasts)
	return n, nil
}

// wakeOutbox has the outbox look where something was committed that it may be about.
func (n *node) wakeOutbox(e care.Event) {
	switch e.Type {
	case care.EventMessageCreated, care.EventConversationCreated, care.EventConversationUpdated, care.EventChatAccessChanged, care.EventBlastProgress:
		n.outbox.Wake()
	}
}

// openBus finds the other nodes where several may share the store.
func (n *node) openBus(ctx context.Context) error {
	if n.cfg.DatabaseURL == "" {
		n.bus, n.endBus = bus.New(), func() {}
		return nil
	}
	shared, err := bus.NewPostgres(ctx, n.cfg.DatabaseURL, n.cfg.Logger)
	if err != nil {
		return fmt.Errorf("listening for other nodes on the database failed: %w", err)
	}
	n.bus, n.endBus = shared, shared.Close
	return nil
}

// mailer is nil, and not a nil pointer in an interface, where no mail is configured.
func mailer(settings *mail.Settings) identity.Mailer {
	if settings == nil {
		return nil
	}
	return mail.NewSMTP(*settings, nil)
}

// handler is everything on the main listener.
func (n *node) handler(code *httpapi.SetupCode) (http.Handler, error) {
	app, err := webui.New(n.cfg.Dist)
	if err != nil {
		return nil, err
	}
	api, err := httpapi.New(n.deps(code))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", api)
	mux.Handle(httpapi.UnsubscribePath, httpapi.Unsubscribe(n.notify, n.cfg.Logger))
	if n.reports() {
		mux.Handle(httpapi.BouncesPath, httpapi.Bounces(n.deps(nil)))
	}
	mux.Handle("/", app)
	mux.HandleFunc("GET /healthz", n.health.live)
	mux.HandleFunc("GET /readyz", n.health.ready)
	mux.Handle("/metrics", guarded(n.cfg.MetricsToken, metricsHandler(n.metrics)))
	edge := httpapi.Edge{
		Gate:   httpapi.NewGate(n.cfg.PublicURL, n.cfg.TrustedProxies),
		Logger: n.cfg.Logger, Metrics: httpapi.NewMetrics(n.metrics), Clock: n.cfg.clock(),
	}
	return edge.Wrap(mux), nil
}

func (n *node) deps(code *httpapi.SetupCode) httpapi.Deps {
	return httpapi.Deps{
		Authenticate: n.identity.Authenticate, DB: n.db, Identity: n.identity, Directory: n.directory, Onboard: n.onboard, Chat: n.chat, Search: n.search, ChatAccess: n.chatAccess, Preferences: n.preference, Attach: n.attach,
		Notes: n.notes, Templates: n.templates, AutoReply: n.autoreply, Transcript: n.transcript, Blasts: n.blasts, Waiting: n.waiting, Webhooks: n.webhooks, Notify: n.notify, Live: n.hub,
		SetupCode: code, Demo: n.cfg.Demo, SignIns: n.signIns,
		Clock: n.cfg.clock(), Logger: n.cfg.Logger,
		PublicURL: n.cfg.PublicURL, TrustedProxies: n.cfg.TrustedProxies,
		RateLimits: !n.cfg.Unlimited, Version: n.cfg.Version,
	}
}

// start begins the work in the background.
func (n *node) start() {
	ctx, stop := context.WithCancel(context.Background())
	n.stopWork = stop
	n.work.Go(func() { n.runner.Run(ctx) })
	n.work.Go(func() {
		n.search.Run(ctx, func(err error) {
			n.cfg.Logger.Error("bringing the search index up to date failed", slog.Any("error", err))
		})
	})
	n.work.Go(func() {
		n.outbox.Run(ctx, func(err error) { n.cfg.Logger.Error("telling what happened failed", slog.Any("error", err)) })
	})
	n.work.Go(func() { n.runNotify(ctx) })
	n.work.Go(func() {
		n.webhooks.Run(ctx, func(err error) { n.cfg.Logger.Error("keeping what webhooks were told failed", slog.Any("error", err)) })
	})
	n.work.Go(func() {
		n.blasts.Run(ctx, func(err error) {
			n.cfg.Logger.Error("sending a message blast failed and is tried again", slog.Any("error", err))
		})
	})
	n.work.Go(func() {
		n.identity.Run(ctx, func(err error) { n.cfg.Logger.Error("noting who was here failed", slog.Any("error", err)) })
	})
}

// close ends everything behind the listeners, in the order that lets each finish what the
// one before has handed it.
func (n *node) close() {
	n.chatAccess.Close()
	n.chat.Close()
	if n.stopWork != nil {
		n.stopWork()
		n.work.Wait()
	}
	n.outward.Close()
	n.notify.Close()
	n.identity.Close()
	n.endBus()
	if err := n.db.Close(); err != nil {
		n.cfg.Logger.Error("closing the store failed", slog.Any("error", err))
	}
}
