# A monolith in one file: the oracle for how Rails reads a request. No database, no files, no logs.
#
# Every answer says in one header what became of the request (HEAD has no body to say it in):
#   ran     controller#action, once it runs; a redirect of the routes counts as one
#   routed  what the router took the request for, whether or not the action came to run
#   params  the path's parameters
require "logger"
require "rails"
require "action_controller/railtie"
require "action_cable/engine"

# Whoever started this holds the other end of our standard input: when that closes, for whatever reason, so do we.
Thread.new do
  $stdin.read
  exit!(0)
end

class Monolith < Rails::Application
  config.root = __dir__
  config.load_defaults 6.1
  config.eager_load = false
  config.consider_all_requests_local = false
  config.secret_key_base = "0123456789abcdef" * 8
  config.logger = Logger.new(nil)
  config.hosts.clear
  config.filter_parameters = []
  # Within this process: no Redis. Origin is held against Host, as it is by default.
  config.action_cable.cable = { "adapter" => "async" }
end

Rails.application.initialize!

class ApplicationController < ActionController::Base
  skip_forgery_protection

  def action_missing(_name)
    request.set_header("monolith.ran", "#{controller_name}##{action_name}")
    render json: {
      action: "#{controller_name}##{action_name}",
      params: request.path_parameters,
      method: request.request_method,
      format: request.format.to_s
    }
  end
end

%w[Home Accounts Transactions Notes Files Packages Hooks Pages Orders Go Reports].each do |name|
  Object.const_set("#{name}Controller", Class.new(ApplicationController))
end

# One room for everybody: what one says, all hear.
class TalkChannel < ActionCable::Channel::Base
  def subscribed
    stream_from "talk"
  end

  def say(data)
    ActionCable.server.broadcast("talk", { heard: data["text"] })
  end
end

Rails.application.routes.draw do
  root "home#index"

  scope "/api" do
    resources :accounts, only: %i[index show]
    resources :transactions, only: %i[index show create update destroy edit] do
      get :search, on: :collection
      resources :notes, only: %i[index create show]
    end
  end

  get "/files", to: "files#index"
  get "/files/*path", to: "files#show"
  delete "/files/*path", to: "files#destroy"

  # Dots belong to these names.
  resources :packages, only: %i[show update], param: :name, constraints: { name: %r{[^/]+} }

  match "/hooks/:name", to: "hooks#receive", via: :all
  get "(/:locale)/pages/:id", to: "pages#show", locale: /en|de/
  resources :orders, only: %i[index show destroy], constraints: { id: /\d+/ }
  get "/reports/:year(/:month(/:day))", to: "reports#show"
  get "/go/*url", to: "go#show", format: false
  get "/old/:id", to: redirect("/api/transactions/%{id}")
end

# Says what became of a request, and nothing else.
class Witness
  def initialize(app)
    @app = app
  end

  def call(env)
    status, headers, body = @app.call(env)
    body.close if body.respond_to?(:close)
    [status, { "Content-Length" => "0", "X-Witness" => JSON.generate(said(env, status), ascii_only: true) }, []]
  end

  private

  def said(env, status)
    path = env["action_dispatch.request.path_parameters"] || {}
    redirect = status == 301 ? "redirect" : nil
    ran = env["monolith.ran"] || redirect
    routed = path[:controller] ? "#{path[:controller]}##{path[:action]}" : redirect
    params = path.except(:controller, :action).transform_values { |v| v.dup.force_encoding("UTF-8").scrub }
    { ran: ran, routed: routed, params: params, method: env["REQUEST_METHOD"] }
  end
end

use Witness
run Rails.application
