---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The HTTP server: module:provides("http", …) is what modules need.
---@class net.http.server.library
local lib = {}

---Hooks "METHOD HOST/path".
---@param event string
---@param handler fun(event: table): any
---@param priority? number
function lib.add_handler(event, handler, priority) end

---Answers for a host.
---@param host string
function lib.add_host(host) end

---Ends an answer.
---@param response table
function lib.finish_response(response) end

---Fires an event.
---@param event string
---@param data? any
---@return any
function lib.fire_event(event, data) end

---The request that a connection waits for an answer to.
---@param conn table
---@return table?
function lib.get_request_from_conn(conn) end

---Listens on a port.
---@param port integer
---@param interface? string
---@param tls? table
---@return table?
---@return string?
function lib.listen_on(port, interface, tls) end

---The head of an answer as lines.
---@param response table
---@return string[]
function lib.prepare_header(response) end

---Ends a hook.
---@param event string
---@param handler function
function lib.remove_handler(event, handler) end

---Does not any more.
---@param host string
function lib.remove_host(host) end

---Answers with a file.
---@param response table
---@param file table
---@return boolean
function lib.send_file(response, file) end

---Answers without a body.
---@param response table
---@return boolean
function lib.send_head_response(response) end

---Answers.
---@param response table
---@param body? string
---@return boolean
function lib.send_response(response, body) end

---Sets who answers for other hosts.
---@param host string
function lib.set_default_host(host) end

---Sets body_size_limit, buffer_size_limit …
---@param name string
---@param value any
function lib.set_option(name, value) end

---Writes the head of an answer.
---@param response table
function lib.write_headers(response) end

return lib
