using LeadFunctions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

try
{
    await App.Build(args).RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    // For whoever reads the log of an app that will not start: what to set, and no stack trace.
    await Console.Error.WriteLineAsync(string.Join('\n', invalid.Failures));
    return 1;
}
