using LeadFunctions;
using Microsoft.Extensions.Hosting;

await App.Build(args).RunAsync();
