package sdk

// Faced is what a script runtime can hang its own view of on. Objects that are Lasting are Faced: what Lua modules hang on them then
// lives exactly as long as they do.
type Faced interface {
	// Face is what SetFace was given, nil at first. Both are called under the runtime's own lock.
	Face() any
	SetFace(v any)
}

// WithFace makes a type Faced that embeds it.
type WithFace struct{ face any }

// Face implements Faced.
func (f *WithFace) Face() any { return f.face }

// SetFace implements Faced.
func (f *WithFace) SetFace(v any) { f.face = v }

var _ Faced = (*WithFace)(nil)
