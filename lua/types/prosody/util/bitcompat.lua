---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Operations on the bits of numbers.
---@class util.bitcompat.library
local lib = {}

---Shifts right and keeps the sign.
---@param x integer
---@param by integer
---@return integer
function lib.arshift(x, by) end

---And.
---@param ... integer
---@return integer
function lib.band(...) end

---Not.
---@param x integer
---@return integer
function lib.bnot(x) end

---Or.
---@param ... integer
---@return integer
function lib.bor(...) end

---Whether the and of all is not 0.
---@param ... integer
---@return boolean
function lib.btest(...) end

---Exclusive or.
---@param ... integer
---@return integer
function lib.bxor(...) end

---Some of the bits.
---@param x integer
---@param field integer
---@param width? integer
---@return integer
function lib.extract(x, field, width) end

---Rotates left.
---@param x integer
---@param by integer
---@return integer
function lib.lrotate(x, by) end

---Shifts left.
---@param x integer
---@param by integer
---@return integer
function lib.lshift(x, by) end

---Other bits in their place.
---@param x integer
---@param value integer
---@param field integer
---@param width? integer
---@return integer
function lib.replace(x, value, field, width) end

---Rotates right.
---@param x integer
---@param by integer
---@return integer
function lib.rrotate(x, by) end

---Shifts right.
---@param x integer
---@param by integer
---@return integer
function lib.rshift(x, by) end

return lib
