using LeadFunctions.Crm;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

var settings = builder.Configuration;
builder.Services.AddSingleton(new Deliveries(settings["WEBHOOK_SECRET"] ?? throw new InvalidOperationException("Set WEBHOOK_SECRET to what the first PUT of the webhook answered.")));
builder.Services.AddHttpClient<HubSpot>(client => Crms.Address(client, settings["HUBSPOT_URL"] ?? "https://api.hubapi.com", settings["HUBSPOT_TOKEN"]));
builder.Services.AddHttpClient<Salesforce>(client => Crms.Address(client, settings["SALESFORCE_URL"] ?? "https://example.my.salesforce.com", settings["SALESFORCE_TOKEN"]));

builder.Build().Run();
