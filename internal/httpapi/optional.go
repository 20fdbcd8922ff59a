package httpapi

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// optional is a query parameter that may be left away, where its zero means something
// else than its absence.
type optional[T any] struct {
	Value T
	Set   bool
}

// Receiver is where huma puts the value.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(o).Elem().Field(0) }

// OnParamSet is told by huma whether there was one.
func (o *optional[T]) OnParamSet(isSet bool, _ any) { o.Set = isSet }

// Schema describes the value.
func (o optional[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeFor[T]())
}

func (o optional[T]) pointer() *T {
	if !o.Set {
		return nil
	}
	return &o.Value
}
