package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"hearth/internal/blob"
	"hearth/internal/db"
	"hearth/internal/demo"
)

// Run serves until ctx ends, then drains and returns nil. An error says in words what
// stopped it from starting, or that a listener broke.
func Run(ctx context.Context, cfg Config) error {
	listener, err := listen(cfg.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	d, err := db.Open(ctx, cfg.Store())
	if err != nil {
		return err
	}
	links := cfg.PublicURL
	if links == nil {
		links = addressOf(listener)
	}
	n, err := prepare(ctx, cfg, d, links)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	defer n.close()
	return n.serve(ctx, listener, links)
}

// prepare fills the store for the demo and puts the node together.
func prepare(ctx context.Context, cfg Config, d *db.DB, links *url.URL) (*node, error) {
	if cfg.Unlimited {
		cfg.Logger.Warn("Rate limits are off. This is for load tests only: anybody may guess passwords as fast as they like.")
	}
	if !cfg.Demo {
		return newNode(ctx, cfg, d, links)
	}
	now := cfg.clock()()
	files, err := blob.Open(ctx, cfg.blob())
	if err != nil {
		return nil, err
	}
	if err := demo.Seed(ctx, d, files, now); err != nil {
		return nil, err
	}
	n, err := newNode(ctx, cfg, d, links)
	if err == nil {
		n.showSheet(demo.Build(now), links)
	}
	return n, err
}

// serve answers on the listeners until ctx ends or one of them breaks.
func (n *node) serve(ctx context.Context, listener net.Listener, links *url.URL) error {
	code, err := n.welcome(ctx, links)
	if err != nil {
		return err
	}
	handler, err := n.handler(code)
	if err != nil {
		return err
	}
	servers := []*http.Server{n.httpServer(handler)}
	listeners := []net.Listener{listener}
	if n.cfg.MetricsAddr != "" {
		extra, err := listen(n.cfg.MetricsAddr)
		if err != nil {
			return err
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", metricsHandler(n.metrics))
		servers, listeners = append(servers, n.httpServer(mux)), append(listeners, extra)
	}
	n.start()
	broken := make(chan error, len(servers))
	for i, s := range servers {
		go func() { broken <- s.Serve(listeners[i]) }()
	}
	n.cfg.Logger.Info("Hearth is serving", "address", listener.Addr().String(), "url", links.String(), "database", string(n.db.Engine()), "version", n.cfg.Version)
	select {
	case <-ctx.Done():
	case err = <-broken:
		err = fmt.Errorf("the listener broke: %w", err)
	}
	n.drain(servers)
	return err
}

func (n *node) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(n.cfg.Logger.Handler(), slog.LevelDebug),
	}
}

// drain lets requests and live connections end; the sender of chat still runs.
func (n *node) drain(servers []*http.Server) {
	n.cfg.Logger.Info("Hearth is ending: it takes no new requests and finishes those it has")
	n.health.draining.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var ended sync.WaitGroup
	ended.Go(func() { n.hub.Drain(ctx) })
	for _, s := range servers {
		ended.Go(func() {
			if s.Shutdown(ctx) != nil {
				_ = s.Close()
			}
		})
	}
	ended.Wait()
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w. Name another address, or stop the program that has this one", addr, reasonOf(err))
	}
	return listener, nil
}

// reasonOf leaves the address away, which the message names already.
func reasonOf(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// addressOf is how the machine itself reaches a listener.
func addressOf(listener net.Listener) *url.URL {
	host, port := "127.0.0.1", 0
	if tcp, is := listener.Addr().(*net.TCPAddr); is {
		port = tcp.Port
		if !tcp.IP.IsUnspecified() {
			host = tcp.IP.String()
		}
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, strconv.Itoa(port))}
}
