---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The server's HTTP: requests are events "GET host/path" or "GET /path", with request and response; "…/*" stands for all below it. Modules rather use module:provides("http", …).
---@class net.http.server.library
local lib = {}

---Answers requests.
---@param event string
---@param handler fun(event: table): any
---@param priority? number
function lib.add_handler(event, handler, priority) end

---Requests for this name are answered.
---@param host string
function lib.add_host(host) end

---As response:done().
---@param response table
function lib.finish_response(response) end

---Fires an event, such as "http-error" with code and message, which gives a page.
---@param event string
---@param data? table
---@return any
function lib.fire_event(event, data) end

---The request that is being answered on a connection.
---@param conn table
---@return table?
function lib.get_request_from_conn(conn) end

---Listens. Modules rather use module:provides("net", …).
---@param port integer
---@param interface? string
---@param tls? table
---@return table?
---@return string?
function lib.listen_on(port, interface, tls) end

---The head of a response in pieces.
---@param response table
---@return string[]
function lib.prepare_header(response) end

---Ends that.
---@param event string
---@param handler function
function lib.remove_handler(event, handler) end

---Ends that.
---@param host string
function lib.remove_host(host) end

---Sends what the method read of an object gives, then closes it.
---@param response table
---@param file table
---@return boolean
function lib.send_file(response, file) end

---Sends the head alone.
---@param response table
function lib.send_head_response(response) end

---As response:send(body).
---@param response table
---@param body? string
function lib.send_response(response, body) end

---Whose requests those for other names are.
---@param host? string
function lib.set_default_host(host) end

---"body_size_limit" is the bytes of a body that handlers get as a whole.
---@param name string
---@param value any
function lib.set_option(name, value) end

---Writes the head; the handler then writes to response.conn, and calls response:done().
---@param response table
function lib.write_headers(response) end

return lib
