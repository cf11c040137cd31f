---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Keyed digests (luaossl).
---@class openssl.hmac.library
local lib = {}

---Something to feed: update, final.
---@param key string
---@param type? string
---@return table
function lib.new(key, type) end

return lib
