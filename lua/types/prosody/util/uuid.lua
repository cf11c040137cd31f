---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---UUIDs.
---@class util.uuid.library
local lib = {}

---A random one.
---@return string
function lib.generate() end

---Random hexadecimal digits.
---@param n integer
---@return string
function lib.get_nibbles(n) end

---Does nothing.
---@param seed any
function lib.seed(seed) end

---A random one.
---@return string
function lib.v4() end

---One that begins with the time.
---@return string
function lib.v7() end

return lib
