---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---IP addresses.
---@class util.ip.library
local lib = {}

---In how many bits two agree.
---@param a table
---@param b table
---@return integer
function lib.commonPrefixLength(a, b) end

---Whether a value is one.
---@param value any
---@return boolean
function lib.is_ip(value) end

---Whether two agree in their first bits.
---@param a table
---@param b table
---@param bits? integer
---@return boolean
function lib.match(a, b, bits) end

---An address with fields addr, proto, bits, scope, private …
---@param text string
---@param proto? string
---@return table?
---@return string?
function lib.new_ip(text, proto) end

---An address and the number of bits behind the slash.
---@param text string
---@return table?
---@return integer?
function lib.parse_cidr(text) end

---The first bits of an address.
---@param address table
---@param bits integer
---@return table
function lib.truncate(address, bits) end

return lib
