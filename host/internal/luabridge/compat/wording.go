package compat

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// reword turns a message of gopher-lua's into that of the reference implementation: what was wrong with which variable. L is in the
// error handler, on top of the function that failed.
func reword(L *lua.LState, message string) string {
	switch {
	case strings.HasPrefix(message, "runtime error: "):
		return luaPosition(L) + message
	case !stock(message):
		return message
	}
	if strings.HasSuffix(message, " registry overflow") {
		return luaPosition(L) + "stack overflow"
	}
	position := luaPosition(L)
	text, ok := strings.CutPrefix(message, position)
	if position == "" {
		text, ok = strings.CutPrefix(message, " ")
	}
	if !ok {
		return message
	}
	f := &fault{L: L}
	f.look(1)
	return position + f.describe(text)
}

// stock tells whether a message may be one of gopher-lua's.
func stock(message string) bool {
	for _, part := range []string{"attempt to ", "cannot perform ", "for statement ", "too many recursions", " registry overflow", "__"} {
		if strings.Contains(message, part) {
			return true
		}
	}
	return strings.HasPrefix(message, " ")
}

// luaPosition is "file:line: " of the innermost Lua function on L below the error handler.
func luaPosition(L *lua.LState) string {
	for level := 1; ; level++ {
		if _, ok := L.GetStack(level); !ok {
			return ""
		}
		if at := where(L, level); at != "" {
			return at
		}
	}
}

// fault is an instruction that failed.
type fault struct {
	L         *lua.LState
	fn        *lua.LFunction // nil if a Go function failed
	pc        int
	inst      uint32
	registers []lua.LValue
}

func (f *fault) look(level int) {
	dbg, ok := f.L.GetStack(level)
	if !ok {
		return
	}
	v, err := f.L.GetInfo("f", dbg, nil)
	fn, ok := v.(*lua.LFunction)
	if err != nil || !ok {
		return
	}
	if fn.IsG {
		if fn == deleteFunction {
			f.look(level + 1)
		}
		return
	}
	pc, registers := instructionOf(f.L, dbg)
	if pc < 0 || pc >= len(fn.Proto.Code) {
		return
	}
	f.fn, f.pc, f.inst, f.registers = fn, pc, fn.Proto.Code[pc], registers
}

var fixedWordings = map[string]string{
	"for statement init must be a number":  "'for' initial value must be a number",
	"for statement limit must be a number": "'for' limit must be a number",
	"for statement step must be a number":  "'for' step must be a number",
	"too many recursions in gettable":      "'__index' chain too long; possibly a loop",
	"too many recursions in settable":      "'__newindex' chain too long; possibly a loop",
}

func (f *fault) describe(text string) string {
	if s, ok := fixedWordings[text]; ok {
		return s
	}
	var a, b string
	switch {
	case strings.HasPrefix(text, "attempt to index a non-table object("):
		kind, _, _ := strings.Cut(text[len("attempt to index a non-table object("):], ")")
		return fmt.Sprintf("attempt to index a %s value%s", kind, f.variable(kind, f.indexed()...))
	case text == "attempt to call a non-function object":
		return f.call()
	case strings.HasPrefix(text, "cannot perform concat operation"):
		return f.operand("concatenate", f.concatenated())
	case strings.HasPrefix(text, "cannot perform "), text == "__unm undefined":
		return f.operand("perform arithmetic on", f.operands())
	case text == "__len undefined":
		return f.operand("get length of", f.operands())
	case scan(text, &a, &b) && a == b:
		return fmt.Sprintf("attempt to compare two %s values", a)
	}
	return text
}

func scan(text string, a, b *string) bool {
	n, _ := fmt.Sscanf(text, "attempt to compare %s with %s", a, b)
	return n == 2
}

// indexed are the registers that the instruction may have indexed.
func (f *fault) indexed() []int {
	switch opcode(f.inst) {
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS, lua.OP_SELF:
		return []int{argB(f.inst)}
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		return []int{argA(f.inst)}
	case lua.OP_CALL:
		return []int{argA(f.inst) + 1} // the builtin for deletion
	}
	return nil
}

func (f *fault) call() string {
	kind := "non-function"
	if f.fn != nil {
		switch opcode(f.inst) {
		case lua.OP_CALL, lua.OP_TAILCALL:
			kind = f.registers[argA(f.inst)].Type().String()
			return fmt.Sprintf("attempt to call a %s value%s", kind, f.variable(kind, argA(f.inst)))
		case lua.OP_TFORLOOP:
			return fmt.Sprintf("attempt to call a %s value", f.registers[argA(f.inst)].Type())
		}
	}
	return fmt.Sprintf("attempt to call a %s value", kind)
}

// operands are the registers and constants that an arithmetic instruction works on, the likelier culprit last.
func (f *fault) operands() []int {
	if opcode(f.inst) == lua.OP_UNM || opcode(f.inst) == lua.OP_LEN {
		return []int{argB(f.inst)}
	}
	return []int{argC(f.inst), argB(f.inst)}
}

func (f *fault) concatenated() []int {
	var all []int
	for r := argB(f.inst); r <= argC(f.inst); r++ {
		all = append(all, r)
	}
	return all
}

// operand names the last of the operands that is no number (for concatenation: neither number nor string).
func (f *fault) operand(what string, operands []int) string {
	if f.fn == nil {
		return "attempt to " + what + " a wrong value"
	}
	for i := len(operands) - 1; i >= 0; i-- {
		v := f.value(operands[i])
		if _, ok := v.(lua.LNumber); ok || v == nil || what == "concatenate" && v.Type() == lua.LTString {
			continue
		}
		kind := v.Type().String()
		return fmt.Sprintf("attempt to %s a %s value%s", what, kind, f.variable(kind, operands[i]))
	}
	return "attempt to " + what + " a wrong value"
}

// value is a register or constant.
func (f *fault) value(rk int) lua.LValue {
	if rk&constantBit != 0 {
		return f.fn.Proto.Constants[rk&^constantBit]
	}
	return f.registers[rk]
}

// variable is " (local 'name')" or the like for the first of the registers that holds a value of the kind, if it has a name.
func (f *fault) variable(kind string, registers ...int) string {
	for _, r := range registers {
		if f.fn == nil || r&constantBit != 0 || f.registers[r] == nil || f.registers[r].Type().String() != kind {
			continue
		}
		if name := nameOf(f.fn, f.pc, r); name != "" {
			return " (" + name + ")"
		}
	}
	return ""
}
