package config

import (
	"errors"
	"fmt"
	"time"
)

// Reader reads options that core.toml or a manifest describes, of one host, as Go types. What is not set has the described default. A
// wrong value, as can only be set at run time, is an error that Err tells, and gives the default, too.
type Reader struct {
	c    *Config
	host string
	errs []error
}

// Reader reads the options of a host, "*" for the global ones. It is not safe for concurrent use.
func (c *Config) Reader(host string) *Reader { return &Reader{c: c, host: host} }

// Err joins what was wrong so far.
func (r *Reader) Err() error { return errors.Join(r.errs...) }

// value is a right value, the default, or nil.
func (r *Reader) value(name, typ string) any {
	described := r.c.catalog.options[name]
	if described == nil || !described.is(typ) {
		r.errs = append(r.errs, fmt.Errorf("option %q is not described as %s", name, typ))
		return nil
	}
	o, at := r.c.lookup(r.host, name)
	if o.value == nil {
		return described.Default
	}
	if err := described.accept(o.value); err != nil {
		r.errs = append(r.errs, fmt.Errorf("option %s of %q: %w", name, at, err))
		return described.Default
	}
	return o.value
}

func (o *Option) is(typ string) bool {
	for _, t := range o.Types {
		if t == typ || typ == "number" && t == "integer" || typ == "set" && t == "jids" || typ == "string" && t == "path" {
			return true
		}
	}
	return false
}

// Bool reads a boolean.
func (r *Reader) Bool(name string) bool {
	b, _ := r.value(name, "boolean").(bool)
	return b
}

// String reads a string; "" if there is none, or if the value is the other type that the option may have.
func (r *Reader) String(name string) string {
	s, _ := r.value(name, "string").(string)
	return s
}

// Path reads a path and makes it one that can be opened.
func (r *Reader) Path(name string) string {
	s, _ := r.value(name, "path").(string)
	return r.c.Path(s)
}

// Number reads a number within its bounds.
func (r *Reader) Number(name string) float64 {
	f, _ := r.value(name, "number").(float64)
	return f
}

// Int reads a whole number within its bounds.
func (r *Reader) Int(name string) int {
	f, _ := r.value(name, "integer").(float64)
	return int(f)
}

// Period reads a length of time, which may be Forever.
func (r *Reader) Period(name string) time.Duration {
	d, _ := toPeriod(r.value(name, "period")) // checked
	return d
}

// Set reads a list of strings.
func (r *Reader) Set(name string) []string {
	list, _ := toSet(r.value(name, "set")) // checked
	return list
}

// Ports reads a list of port numbers.
func (r *Reader) Ports(name string) []int {
	list, _ := toPorts(r.value(name, "ports")) // checked
	return list
}

// Table reads a table, nil if there is none; it must not be changed.
func (r *Reader) Table(name string) map[string]any {
	t, _ := r.value(name, "table").(map[string]any)
	return t
}
