package httpapi

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// registry makes the schemas of the document. It differs from huma's own in that a
// pointer is "or null" for objects too, that an id is a UUID, and that a type of two
// packages with the same name is a mistake that shows at once.
type registry struct {
	schemas map[string]*huma.Schema
	types   map[string]reflect.Type
}

const schemaPrefix = "#/components/schemas/"

const uuidPattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

var (
	providerType    = reflect.TypeFor[huma.SchemaProvider]()
	unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func newRegistry() *registry {
	return &registry{schemas: map[string]*huma.Schema{}, types: map[string]reflect.Type{}}
}

// Schema gives the schema of a type; structs are kept once and referred to.
func (r *registry) Schema(t reflect.Type, allowRef bool, hint string) *huma.Schema {
	nullable := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case isID(t):
		return &huma.Schema{
			Type: huma.TypeString, Format: "uuid", Pattern: uuidPattern, PatternDescription: "a UUID", Nullable: nullable,
		}
	case !isObject(t):
		s := huma.SchemaFromType(r, t)
		s.Nullable = s.Nullable || nullable
		return s
	}
	name := r.object(t, hint)
	ref := &huma.Schema{Ref: schemaPrefix + name}
	switch {
	case !allowRef:
		return r.schemas[name]
	case nullable:
		return &huma.Schema{AnyOf: []*huma.Schema{ref, {Type: "null", Enum: []any{nil}}}}
	}
	return ref
}

func (r *registry) object(t reflect.Type, hint string) string {
	name := schemaName(t, hint)
	if known, found := r.types[name]; found {
		if known != t {
			panic("two types are called " + name + " in the API: " + known.String() + " and " + t.String())
		}
		return name
	}
	r.types[name] = t
	r.schemas[name] = &huma.Schema{} // so that a type may refer to itself
	*r.schemas[name] = *huma.SchemaFromType(r, t)
	return name
}

// SchemaFromRef finds what a reference means.
func (r *registry) SchemaFromRef(ref string) *huma.Schema {
	return r.schemas[strings.TrimPrefix(ref, schemaPrefix)]
}

// TypeFromRef finds the Go type of a reference.
func (r *registry) TypeFromRef(ref string) reflect.Type {
	return r.types[strings.TrimPrefix(ref, schemaPrefix)]
}

// Map lists the schemas by name.
func (r *registry) Map() map[string]*huma.Schema { return r.schemas }

// RegisterTypeAlias is part of huma's interface and not needed here.
func (r *registry) RegisterTypeAlias(reflect.Type, reflect.Type) {
	panic("aliases of types are not used")
}

// MarshalJSON writes components/schemas.
func (r *registry) MarshalJSON() ([]byte, error) { return json.Marshal(r.schemas) }

func isID(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Len() == 16 && t.Elem().Kind() == reflect.Uint8 &&
		reflect.PointerTo(t).Implements(unmarshalerType)
}

func isObject(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() == reflect.Struct && t.String() != "time.Time" &&
		!p.Implements(providerType) && !p.Implements(unmarshalerType)
}

// schemaName is the type's own name with a capital; Page[T] becomes TPage.
func schemaName(t reflect.Type, hint string) string {
	name := t.Name()
	if name == "" {
		name = hint
	}
	outer, inner, generic := strings.Cut(name, "[")
	if generic {
		inner = strings.TrimSuffix(inner, "]")
		outer = capital(inner[strings.LastIndexAny(inner, "./")+1:]) + outer
	}
	parts := strings.Split(outer, "-") // a hint is an operationId, such as mark-readRequest
	for i := range parts {
		parts[i] = capital(parts[i])
	}
	return strings.Join(parts, "")
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
