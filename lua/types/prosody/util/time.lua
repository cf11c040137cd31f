---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Clocks.
---@class util.time.library
local lib = {}

---Seconds of a clock that nobody sets.
---@return number
function lib.monotonic() end

---Seconds since 1970.
---@return number
function lib.now() end

return lib
