---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests to HTTP servers. Options: method, headers, body, insecure, sslctx, streaming_handler, suppress_errors, body_size_limit, id.
---@class net.http.library
local lib = {}

---Ends a request without calling back.
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

---A client with options of its own and its own events.
---@param options? table
---@return table
function lib.new(options) end

---Sends a request. Code 0 means that there is no answer, and the body says why. Without a callback it returns a promise of the response.
---@param url string
---@param options? table
---@param callback? fun(body: string, code: integer, response: table, request: table)
---@return table?
---@return string?
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
