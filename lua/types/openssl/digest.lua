---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Digests (luaossl).
---@class openssl.digest.library
local lib = {}

---Something to feed: update, final.
---@param type? string
---@return table
function lib.new(type) end

return lib
