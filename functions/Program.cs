using LeadFunctions;

await App.Build(args).RunAsync();
