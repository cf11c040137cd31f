---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Random bytes.
---@class util.random.library
local lib = {}

---That many bytes.
---@param n integer
---@return string
function lib.bytes(n) end

---Does nothing: the system's source needs no seed.
---@param seed any
function lib.seed(seed) end

return lib
