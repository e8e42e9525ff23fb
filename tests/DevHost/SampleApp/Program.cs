using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SampleApp;

var how = Environment.GetEnvironmentVariable("SAMPLE_START");
switch (how)
{
    case "throws":
        throw new InvalidOperationException("The sample cannot start.");
    case "refuses":
        Console.Error.WriteLine("SAMPLE_START: set it to something else.");
        return 1;
    case "ends":
        return 3;
    case "once" when File.Exists(Journal.Path):
        return 4;
    default:
        var builder = FunctionsApplication.CreateBuilder(args);
        if (how != "without HTTP")
        {
            builder.ConfigureFunctionsWebApplication();
            builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = null); // The host's limit is the one under test.
        }

        if (how == "incomplete")
        {
            builder.Services.AddSingleton<IFunctionMetadataProvider, MissingFunction>();
        }

        await builder.Build().RunAsync();
        return 0;
}
