package compat

import (
	"fmt"
	"reflect"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua keeps a few things to itself that no exported function tells. We look at them by offset; the offsets are taken from the
// type itself and checked when the program starts, so that another version of it fails loudly.
var (
	offsetUpvalues = fieldOffset[lua.LState]("uvcache", reflect.TypeFor[*lua.Upvalue]())
	offsetRegistry = fieldOffset[lua.LState]("reg", nil)
	offsetStack    = registryOffset()
)

func fieldOffset[T any](name string, want reflect.Type) uintptr {
	f, ok := reflect.TypeFor[T]().FieldByName(name)
	if !ok || want != nil && f.Type != want {
		panic(fmt.Sprintf("compat: gopher-lua's %s has no field %q as we know it", reflect.TypeFor[T](), name))
	}
	return f.Offset
}

func registryOffset() uintptr {
	reg, _ := reflect.TypeFor[lua.LState]().FieldByName("reg")
	f, ok := reg.Type.Elem().FieldByName("array")
	if !ok || f.Type != reflect.TypeFor[[]lua.LValue]() {
		panic("compat: gopher-lua's registry is not as we know it")
	}
	return f.Offset
}

// hasOpenUpvalues tells whether closures share variables with functions running on L.
func hasOpenUpvalues(L *lua.LState) bool {
	return *(**lua.Upvalue)(unsafe.Add(unsafe.Pointer(L), offsetUpvalues)) != nil
}

// overgrown tells whether L's stack has become too large to keep.
func overgrown(L *lua.LState) bool {
	reg := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(L), offsetRegistry))
	return len(*(*[]lua.LValue)(unsafe.Add(reg, offsetStack))) > 16<<10
}

// closeUpvalues gives the closures made on L's stack variables of their own. gopher-lua does that only in its own raise, without an
// error handler; so raise something.
func closeUpvalues(L *lua.LState) {
	if !hasOpenUpvalues(L) {
		return
	}
	L.Push(raiseNothing)
	_ = L.PCall(0, 0, nil)
}

var raiseNothing = &lua.LFunction{IsG: true, Env: &lua.LTable{Metatable: lua.LNil}, GFunction: func(L *lua.LState) int {
	L.Error(lua.LNil, 0)
	return 0
}}

var (
	offsetFrame     = fieldOffset[lua.Debug]("frame", nil)
	offsetPc        = frameOffset("Pc")
	offsetLocalBase = frameOffset("LocalBase")
	offsetTailCalls = frameOffset("TailCall")
	offsetParent    = frameLink("Parent", frameType())
	offsetFn        = frameLink("Fn", reflect.TypeFor[*lua.LFunction]())
)

func frameType() reflect.Type {
	frame, _ := reflect.TypeFor[lua.Debug]().FieldByName("frame")
	return frame.Type
}

func frameLink(name string, want reflect.Type) uintptr {
	f, ok := frameType().Elem().FieldByName(name)
	if !ok || f.Type != want {
		panic("compat: gopher-lua's call frame is not as we know it")
	}
	return f.Offset
}

func frameOffset(name string) uintptr {
	frame, _ := reflect.TypeFor[lua.Debug]().FieldByName("frame")
	f, ok := frame.Type.Elem().FieldByName(name)
	if !ok || f.Type.Kind() != reflect.Int {
		panic("compat: gopher-lua's call frame is not as we know it")
	}
	return f.Offset
}

// instructionOf is the index of the instruction that a Lua function is executing, and its registers.
func instructionOf(L *lua.LState, dbg *lua.Debug) (pc int, registers []lua.LValue) {
	frame := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(dbg), offsetFrame))
	pc = *(*int)(unsafe.Add(frame, offsetPc)) - 1
	base := *(*int)(unsafe.Add(frame, offsetLocalBase))
	reg := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(L), offsetRegistry))
	all := *(*[]lua.LValue)(unsafe.Add(reg, offsetStack))
	return pc, all[min(base, len(all)):]
}

// levelsOf is how many levels GetStack finds on L. Of the tail calls that functions there have made it leaves a few: gopher-lua counts
// them only to show each as a level, and a tail call that went round a million times would make every look at the stack take as many
// steps.
func levelsOf(L *lua.LState) (levels int) {
	const kept = 8
	dbg, ok := L.GetStack(0)
	if !ok {
		return 0
	}
	frame := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(dbg), offsetFrame))
	for ; frame != nil; frame = *(*unsafe.Pointer)(unsafe.Add(frame, offsetParent)) {
		calls := (*int)(unsafe.Add(frame, offsetTailCalls))
		*calls = min(*calls, kept)
		levels++
		if fn := *(**lua.LFunction)(unsafe.Add(frame, offsetFn)); !fn.IsG {
			levels += *calls
		}
	}
	return levels
}

// depthOf points to the number of blocks of call frames (lua.FramesPerSegment each) in use on L.
func depthOf(L *lua.LState) *uint16 {
	stack := reflect.ValueOf(L).Elem().FieldByName("stack").Elem()
	f, ok := stack.Type().Elem().FieldByName("segIdx")
	if !ok || f.Type.Kind() != reflect.Uint16 {
		panic("compat: gopher-lua's call stack is not as we know it")
	}
	return (*uint16)(unsafe.Add(stack.UnsafePointer(), f.Offset))
}
