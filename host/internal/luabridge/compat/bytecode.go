package compat

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua's instructions: opcode in the upper six bits, then A (8 bits), C (9) and B (9), or Bx (18).
const constantBit = 1 << 8 // in B and C: a constant instead of a register

func opcode(inst uint32) int { return int(inst >> 26) }
func argA(inst uint32) int   { return int(inst>>18) & 0xff }
func argB(inst uint32) int   { return int(inst) & 0x1ff }
func argC(inst uint32) int   { return int(inst>>9) & 0x1ff }
func argBx(inst uint32) int  { return int(inst) & 0x3ffff }

// nameOf tells what a register holds before the instruction at pc: "local 'x'", "global 'x'", "field 'x'" …, or "".
func nameOf(fn *lua.LFunction, pc, register int) string {
	if name := localName(fn, pc, register); name != "" {
		if name[0] == '(' {
			return ""
		}
		return fmt.Sprintf("local '%s'", name)
	}
	at := setter(fn.Proto.Code, pc, register)
	if at < 0 {
		return ""
	}
	switch inst := fn.Proto.Code[at]; opcode(inst) {
	case lua.OP_MOVE, lua.OP_MOVEN:
		if argB(inst) < register {
			return nameOf(fn, at, argB(inst))
		}
	case lua.OP_GETGLOBAL:
		return fmt.Sprintf("global '%s'", fn.Proto.Constants[argBx(inst)])
	case lua.OP_GETUPVAL:
		return fmt.Sprintf("upvalue '%s'", fn.Proto.DbgUpvalues[argB(inst)])
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS:
		return "field '" + constantName(fn, at, argC(inst)) + "'"
	case lua.OP_SELF:
		if argA(inst) == register {
			return "method '" + constantName(fn, at, argC(inst)) + "'"
		}
		return nameOf(fn, at, argB(inst))
	}
	return ""
}

// localName is the variable in a register at pc, or "".
func localName(fn *lua.LFunction, pc, register int) string {
	for _, local := range fn.Proto.DbgLocals {
		if local.StartPc > pc {
			break
		}
		if pc < local.EndPc {
			if register == 0 {
				return local.Name
			}
			register--
		}
	}
	return ""
}

// constantName is a string constant used as a key, "?" if it is computed.
func constantName(fn *lua.LFunction, pc, rk int) string {
	if rk&constantBit != 0 {
		if s, ok := fn.Proto.Constants[rk&^constantBit].(lua.LString); ok {
			return string(s)
		}
		return "?"
	}
	if at := setter(fn.Proto.Code, pc, rk); at >= 0 && opcode(fn.Proto.Code[at]) == lua.OP_LOADK {
		if s, ok := fn.Proto.Constants[argBx(fn.Proto.Code[at])].(lua.LString); ok {
			return string(s)
		}
	}
	return "?"
}

// setter is the last instruction before pc that set a register, or -1 if that cannot be told without following jumps.
func setter(code []uint32, pc, register int) int {
	found, jumpedTo := -1, 0
	for i := 0; i < pc; i++ {
		inst := code[i]
		a := argA(inst)
		sets := a == register
		switch opcode(inst) {
		case lua.OP_LOADNIL:
			sets = a <= register && register <= argB(inst)
		case lua.OP_SELF:
			sets = register == a || register == a+1
		case lua.OP_CALL, lua.OP_TAILCALL:
			sets = register >= a
		case lua.OP_TFORLOOP:
			sets = register >= a+2
		case lua.OP_VARARG:
			sets = register >= a
		case lua.OP_JMP:
			sets = false
			if to := i + 1 + argBx(inst) - (1<<17 - 1); to > i && to <= pc {
				jumpedTo = max(jumpedTo, to)
			}
		case lua.OP_SETGLOBAL, lua.OP_SETUPVAL, lua.OP_SETTABLE, lua.OP_SETTABLEKS, lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_TEST,
			lua.OP_RETURN, lua.OP_SETLIST, lua.OP_CLOSE, lua.OP_NOP:
			sets = false
		}
		if sets {
			found = i
			if i < jumpedTo { // set in one branch only
				found = -1
			}
		}
	}
	return found
}

// repairGoto makes a goto close the variables between it and its label, where the compiler has it close all of the function's.
func repairGoto(p *lua.FunctionProto) {
	for pc := 0; pc+1 < len(p.Code); pc++ {
		inst, jump := p.Code[pc], p.Code[pc+1]
		if opcode(inst) != lua.OP_CLOSE || argA(inst) != 0 || opcode(jump) != lua.OP_JMP {
			continue
		}
		target := pc + 2 + argBx(jump) - (1<<17 - 1)
		active := uint32(0)
		for _, local := range p.DbgLocals {
			if local.StartPc <= target && target < local.EndPc {
				active++
			}
		}
		p.Code[pc] = inst | active<<18
	}
}

// keepKeysBoxed makes field access with a constant key use the constant as it is. The instructions with a string for a key are no faster
// on plain tables, and allocate a new value for the string when a metamethod is called.
func keepKeysBoxed(p *lua.FunctionProto) {
	for pc, inst := range p.Code {
		switch opcode(inst) {
		case lua.OP_GETTABLEKS:
			p.Code[pc] = inst&opcodeMask | uint32(lua.OP_GETTABLE)<<26
		case lua.OP_SETTABLEKS:
			p.Code[pc] = inst&opcodeMask | uint32(lua.OP_SETTABLE)<<26
		}
	}
}

const opcodeMask = 1<<26 - 1

// startSmall makes `{}` a table with room for few fields. Without a number gopher-lua makes room for 32 at the first one: 2.8 KB for
// each object that begins as an empty table.
func startSmall(p *lua.FunctionProto) {
	for pc, inst := range p.Code {
		if opcode(inst) == lua.OP_NEWTABLE && argB(inst) == 0 && argC(inst) == 0 {
			p.Code[pc] = inst | 1<<9 // C, the number of fields
		}
	}
}
