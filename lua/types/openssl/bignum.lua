---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Whole numbers of any size (luaossl).
---@class openssl.bignum.library
local lib = {}

---A number of its bytes, the highest first.
---@param bytes string
---@return table
function lib.fromBinary(bytes) end

---A number, of decimal digits or of hexadecimal ones after 0x.
---@param value number|string
---@return table
function lib.new(value) end

return lib
