// Package outward calls addresses that users gave: push services and webhooks.
package outward
