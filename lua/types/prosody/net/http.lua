---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Requests to HTTP servers. Options: method, headers, body, insecure, sslctx, streaming_handler, suppress_errors, body_size_limit, id.
---@class net.http.library
local lib = {}

lib.default = {}

---A client with these options and the default ones.
---@param options? table
---@return table
function lib.default.new(options) end

---As request.
---@param self table
---@param url string
---@param options? table
---@param callback? function
---@return table?
---@return string?
function lib.default.request(self, url, options, callback) end

---Ends a request without calling back.
---@param request table
function lib.destroy_request(request) end

lib.events = {}

---Hooks an event.
---@param event string
---@param handler function
---@param priority? number
function lib.events.add_handler(event, handler, priority) end

---Hooks several events.
---@param handlers table<string, function>
function lib.events.add_handlers(handlers) end

---Wraps an event, or all.
---@param event string|false
---@param wrapper function
function lib.events.add_wrapper(event, wrapper) end

---Fires an event.
---@param event string
---@param data? any
---@return any
function lib.events.fire_event(event, data) end

---The handlers of an event, in order.
---@param event string
---@return function[]?
function lib.events.get_handlers(event) end

---Ends that.
---@param event string
---@param handler function
function lib.events.remove_handler(event, handler) end

---Ends that.
---@param handlers table<string, function>
function lib.events.remove_handlers(handlers) end

---Ends that.
---@param event string|false
---@param wrapper function
function lib.events.remove_wrapper(event, wrapper) end

---What is called instead of each handler, with it, the event and the data.
---@param hook? function
---@return function?
function lib.events.set_debug_hook(hook) end

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
