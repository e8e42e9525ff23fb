using System.Reflection;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Defines a function app: its services, its middleware, its configuration.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly LocalRuntime runtime;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware = [];

    internal FunctionsApplicationBuilder(string[] args, Assembly app) => runtime = LocalRuntime.Create(args, app);

    /// <summary>Lets a test that starts an app in process add to it, after the app itself has.</summary>
    internal static AsyncLocal<Action<FunctionsApplicationBuilder>?> Customization { get; } = new();

    private WebApplicationBuilder Web => runtime.Web;

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)Web).Properties;

    public ConfigurationManager Configuration => Web.Configuration;

    IConfigurationManager IHostApplicationBuilder.Configuration => Web.Configuration;

    public IHostEnvironment Environment => Web.Environment;

    public ILoggingBuilder Logging => Web.Logging;

    public IMetricsBuilder Metrics => Web.Metrics;

    public IServiceCollection Services => Web.Services;

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)Web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        this.middleware.Add(middleware);
        return this;
    }

    public IHost Build()
    {
        Customization.Value?.Invoke(this);
        return runtime.Build(Pipeline());
    }

    private FunctionExecutionDelegate Pipeline()
    {
        FunctionExecutionDelegate pipeline = context => Invoker.ExecuteAsync((LocalFunctionContext)context);
        for (var i = middleware.Count - 1; i >= 0; i--)
        {
            pipeline = middleware[i](pipeline);
        }

        return pipeline;
    }
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Has HTTP functions take ASP.NET Core's <c>HttpRequest</c> and return its results: the only kind that the local runtime runs.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
}
