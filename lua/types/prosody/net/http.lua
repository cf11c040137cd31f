---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests to HTTP servers.
---@class net.http.library
local lib = {}

---As in util.http.
---@param text string
---@return table
function lib.formdecode(text) end

---As in util.http.
---@param form table
---@return string
function lib.formencode(form) end

---As in util.http.
---@param text string
---@return string
function lib.urldecode(text) end

---As in util.http.
---@param text string
---@return string
function lib.urlencode(text) end

return lib
