package sdk

import (
	"context"
	"errors"
	"fmt"
)

// Object is something a plugin owns and others hold: a room, an occupant, a table of a Lua module. It has properties and methods, and
// whoever holds it calls through the host to its owner. Values are those that cross runtimes (see Event). One object is one pointer, so
// objects can be compared and used as keys of a map, and what a Lua module hangs on one is there each time it gets it.
//
// An object outlives the calls it was given in. What its owner no longer has answers ErrGone.
type Object interface {
	// Type tells what all objects of a kind have in common. Never nil.
	Type() *ObjectType
	// Get reads a property, nil if it has none of that name. The name of a method gives a Function that expects the object first.
	Get(ctx context.Context, property string) (any, error)
	// Set writes a property. ErrNoProperty tells that the owner does not know it or does not let it be written. With the name of a method
	// it puts a Function in the method's place, which from then on also the owner calls; nil, or the Function that Get gave before,
	// undoes it. Most owners refuse.
	Set(ctx context.Context, property string, value any) error
	// Call calls a method. ErrNoMethod tells that there is none of that name.
	Call(ctx context.Context, method string, args ...any) ([]any, error)
}

// ObjectType is what all objects of a kind have in common. Immutable once an object of it is in use. It belongs to one instance of a
// plugin, which makes it when it is loaded: the functions that Lua modules add to a type are gone when the instance is.
//
// A plugin whose methods others may replace or call without an object exports the type's class: an object of the type itself, under the
// type's name and "_mt" (room_mt for rooms; nothing else has such a name). Get and Set of the class are about methods, for all objects of the type.
type ObjectType struct {
	// Name is unique within its plugin, such as "room".
	Name string
	// Methods can be called. One that is called as an operator's metamethod is in Lua ("__tostring") is that.
	Methods []string
	// Properties are read and written at the owner. A Lua module may hang fields of other names on an object; they stay on its side.
	Properties []string
	// Constants are properties that never change while the object lives: whoever holds the object keeps them.
	Constants []string
	// Lasting objects live until their owner drops them, and what others hang on them lives as long: rooms. They are Faced. Others live
	// only as long as somebody holds them: copies of an occupant.
	Lasting bool
	// Open objects have any properties, like a table; they implement Ranger, too. Without methods they are plain tables to Lua.
	Open bool
}

// Ranger is an Object that can be iterated over.
type Ranger interface {
	Object
	// Range calls f with each key (a string, or a float64) and value until f returns false. What is changed meanwhile may or may not be seen.
	Range(ctx context.Context, f func(key, value any) bool) error
}

// KeyedObject is an Object with keys that are not strings, as Lua tables have them.
type KeyedObject interface {
	Object
	GetKey(ctx context.Context, key any) (any, error)
	SetKey(ctx context.Context, key, value any) error
}

// Function is a function of a plugin that others can call. Functions can be compared.
type Function interface {
	Call(ctx context.Context, args ...any) ([]any, error)
}

// Func makes a Function of a Go function. Each call makes another one.
func Func(f func(ctx context.Context, args ...any) ([]any, error)) Function { return &goFunction{f} }

type goFunction struct {
	f func(ctx context.Context, args ...any) ([]any, error)
}

func (g *goFunction) Call(ctx context.Context, args ...any) ([]any, error) { return g.f(ctx, args...) }

// Rows are the results of something to iterate over, one row for each round. To a Lua module they are an iterator.
type Rows [][]any

// Exporter is a plugin that offers functions, objects and other values to plugins that depend on it (Module.Depends). To a Lua module they
// are what module:depends returns.
type Exporter interface {
	// Export is the value of a name, nil if there is none. It is asked anew each time.
	Export(ctx context.Context, name string) (any, error)
}

var (
	// ErrGone tells that the owner no longer has an object, or is itself gone.
	ErrGone = errors.New("the object is gone")
	// ErrNoProperty tells that an object has no such property, or none that can be written.
	ErrNoProperty = errors.New("no such property")
	// ErrNoMethod tells that an object has no such method.
	ErrNoMethod = errors.New("no such method")
)

// MethodError is ErrNoMethod or ErrNoProperty with its place.
func MethodError(o Object, name string, err error) error {
	return fmt.Errorf("%s: %w: %q", o.Type().Name, err, name)
}
