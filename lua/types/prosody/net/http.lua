---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests to HTTP servers.
---@class net.http.library
local lib = {}

---Ends a request.
---@param request table
function lib.destroy_request(request) end

---As in util.http.
---@param text string
---@return table
function lib.formdecode(text) end

---As in util.http.
---@param form table
---@return string
function lib.formencode(form) end

---A client with settings and events of its own.
---@param options? table
---@return table
function lib.new(options) end

---Makes a request; without a callback, promises the response.
---@param url string
---@param options? table
---@param callback? fun(body: string, code: integer, response: table, request: table)
---@return util.promise|table
function lib.request(url, options, callback) end

---As in util.http.
---@param text string
---@return string
function lib.urldecode(text) end

---As in util.http.
---@param text string
---@return string
function lib.urlencode(text) end

return lib
