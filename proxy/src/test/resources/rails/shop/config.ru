# A shop in real Rails: pages and JSON as any app makes them, with layouts, forms, sessions and real Sprockets. What it says is compared with
# what a Java service says of the same orders. No database: they are the same with each start, and so is the secret.
require "logger"
require "bigdecimal"
require "rails"
require "active_model/railtie"
require "action_controller/railtie"
require "action_view/railtie"
require "sprockets/railtie"

# Whoever started this holds the other end of our standard input: when that closes, for whatever reason, so do we.
Thread.new do
  $stdin.read
  exit!(0)
end

class Shop < Rails::Application
  config.root = __dir__
  config.load_defaults 6.1
  config.eager_load = false
  config.consider_all_requests_local = false
  config.secret_key_base = "0123456789abcdef" * 8
  config.logger = Logger.new(nil)
  config.hosts.clear
  config.session_store :cookie_store, key: "_shop_session"
  # Made when they are first asked for, and kept within this process.
  config.assets.compile = true
  config.assets.configure { |env| env.cache = Sprockets::Cache::MemoryStore.new }
  config.content_security_policy do |policy|
    policy.default_src :self
    policy.script_src :self
  end
  config.content_security_policy_nonce_generator = ->(_request) { SecureRandom.base64(16) }
  config.content_security_policy_nonce_directives = %w[script-src]
end

Rails.application.initialize!

class Item
  include ActiveModel::Model
  include ActiveModel::Serializers::JSON
  attr_accessor :name, :count, :price

  def attributes
    { "name" => nil, "count" => nil, "price" => nil }
  end
end

class Order
  include ActiveModel::Model
  include ActiveModel::Serializers::JSON
  attr_accessor :id, :number, :user_id, :paid, :total, :created_at, :shipped_at, :note, :items

  def attributes
    %w[id number user_id paid total created_at shipped_at note items].to_h { |name| [name, nil] }
  end

  def persisted?
    true
  end

  def to_param
    id.to_s
  end

  # The same are in JavaShop.
  ALL = [
    new(id: 1, number: "2026-0001", user_id: 7, paid: true, total: BigDecimal("1234.50"),
        created_at: Time.utc(2026, 1, 5, 9, 30, 15, 123_000).in_time_zone, shipped_at: Time.utc(2026, 1, 6).in_time_zone,
        note: %q(Leave it at Zoë's <b>door</b> & "knock"),
        items: [Item.new(name: "Kettle", count: 1, price: BigDecimal("1200.00")),
                Item.new(name: "Cup & saucer", count: 3, price: BigDecimal("11.50"))]),
    new(id: 2, number: "2026-0002", user_id: 7, paid: false, total: BigDecimal("7.00"),
        created_at: Time.utc(2026, 2, 7, 23, 59, 59, 999_000).in_time_zone, shipped_at: nil, note: nil,
        items: [Item.new(name: "Spoon", count: 2, price: BigDecimal("3.50"))]),
    new(id: 3, number: "2026-0003", user_id: 8, paid: true, total: BigDecimal("80.10"),
        created_at: Time.utc(2026, 2, 8).in_time_zone, shipped_at: nil, note: nil, items: []),
    new(id: 4, number: "2026-0004", user_id: 7, paid: true, total: BigDecimal("0.99"),
        created_at: Time.utc(2026, 3, 1, 12).in_time_zone, shipped_at: nil, note: "Gift",
        items: [Item.new(name: "Card", count: 1, price: BigDecimal("0.99"))])
  ].freeze
end

class ApplicationController < ActionController::Base
  before_action :sign_in
  # A visitor's session is written with each answer.
  before_action { session[:seen] = Time.current.to_f }

  private

  def sign_in
    user = request.headers["X-User-Id"]
    user ? @orders = Order::ALL.select { |order| order.user_id.to_s == user } : redirect_to("/login")
  end
end

class OrdersController < ApplicationController
  before_action :find, only: %i[show update]

  def index
    respond_to do |format|
      format.html
      format.json { render json: { total: @orders.sum(&:total), next: nil, orders: @orders } }
    end
  end

  def show
    respond_to do |format|
      format.html
      format.json { render json: @order if stale?(strong_etag: @order.as_json, public: false) }
    end
  end

  def latest
    redirect_to order_url(@orders.last)
  end

  def update
    redirect_to order_url(@order), notice: "Saved."
  end

  private

  def find
    @order = @orders.find { |order| order.to_param == params[:id] } || raise(ActionController::RoutingError, "no order")
  end
end

class SessionsController < ApplicationController
  skip_before_action :sign_in

  def new
    render inline: "<h1>Sign in</h1>", layout: true
  end
end

Rails.application.routes.draw do
  get "/login", to: "sessions#new"
  get "/old/:id", to: redirect("/orders/%{id}")
  resources :orders, only: %i[index show update] do
    get :latest, on: :collection
  end
end

run Rails.application
