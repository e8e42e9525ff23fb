using DevHost.Http;
using DevHost.Tests.Support;

namespace DevHost.Tests;

public sealed class AppFolderTests : IDisposable
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly string folder = Directory.CreateDirectory(Sample.NewPath()).FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_sample_app_is_read_as_it_was_built()
    {
        var app = AppFolder.Read(Sample.Folder, NoSettings);
        var echo = app.Functions.Single(function => function.Name == "Echo");

        Assert.Equal(("dotnet", "SampleApp.dll"), (app.Executable, app.WorkerPath));
        Assert.True(echo.IsHttp);
        Assert.Equal("v1/echo/{*path}", HttpTriggers.RouteOf(app, echo));
        Assert.Equal("v1/Plain", HttpTriggers.RouteOf(app, app.Functions.Single(function => function.Name == "Plain")));
        Assert.Equal("2", app.HostJson["extensions:queues:maxDequeueCount"]);
    }

    [Theory]
    [InlineData("{}", "api/Say")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "" } } }""", "Say")]
    [InlineData("""{ "extensions": { "http": { "routePrefix": "a/b" } } }""", "a/b/Say")]
    public void Routes_begin_with_the_prefix_of_host_json(string hostJson, string route)
    {
        Write(functions: """[{ "name": "Say", "scriptFile": "App.dll", "entryPoint": "App.Say", "bindings": [{ "name": "r", "type": "httpTrigger", "direction": "In" }] }]""", hostJson: hostJson);
        var app = AppFolder.Read(folder, NoSettings);

        Assert.Equal(route, HttpTriggers.RouteOf(app, app.Functions[0]));
    }

    [Fact]
    public void Settings_override_host_json()
    {
        Write(hostJson: """{ "extensions": { "http": { "routePrefix": "a" }, "queues": { "batchSize": 1, "maxDequeueCount": 2 } } }""");
        var app = AppFolder.Read(folder, new Dictionary<string, string> { ["AzureFunctionsJobHost__extensions__http__routePrefix"] = "b", ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "3" });

        Assert.Equal("b/Say", HttpTriggers.RouteOf(app, app.Functions[0]));
        Assert.Equal(("3", "2"), (app.HostJson["extensions:queues:batchSize"], app.HostJson["extensions:queues:maxDequeueCount"]));
    }

    [Fact]
    public void A_trigger_that_it_does_not_know_is_refused_by_name()
    {
        Write(functions: """[{ "name": "Nightly", "scriptFile": "App.dll", "entryPoint": "App.Nightly", "bindings": [{ "name": "t", "type": "timerTrigger", "direction": "In", "schedule": "0 0 * * * *" }] }]""");

        Assert.Equal(
            "The function Nightly needs timerTrigger, which this host does not know. It knows httpTrigger, queueTrigger, orchestrationTrigger, activityTrigger, entityTrigger, durableClient, http. "
            + "Run the app with Azure Functions Core Tools instead (func start), or without this function: --setting AzureWebJobs.Nightly.Disabled=true",
            Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message);
    }

    [Fact]
    public void A_retry_policy_is_refused_for_it_would_not_be_kept()
    {
        Write(functions: """
            [{
              "name": "Fickle", "scriptFile": "App.dll", "entryPoint": "App.Fickle", "retry": { "strategy": "fixedDelay", "maxRetryCount": 5, "delayInterval": "00:00:10" },
              "bindings": [{ "name": "text", "type": "queueTrigger", "direction": "In", "queueName": "texts" }]
            }]
            """);

        Assert.StartsWith(
            "The function Fickle needs a retry policy, which this host does not know. ", Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("True", false)]
    [InlineData("1", false)]
    [InlineData("false", true)]
    [InlineData("0", true)]
    public void A_function_that_a_setting_disables_is_none_of_the_host_s_concern(string disabled, bool isEnabled)
    {
        Write();

        Assert.Equal(isEnabled, AppFolder.Read(folder, new Dictionary<string, string> { ["AzureWebJobs.Say.Disabled"] = disabled }).Functions.Count == 1);
    }

    [Theory]
    [InlineData("worker.config.json")]
    [InlineData("functions.metadata")]
    [InlineData("host.json")]
    public void A_folder_that_lacks_a_file_is_no_app(string missing)
    {
        Write();
        File.Delete(Path.Combine(folder, missing));

        Assert.Equal($"{folder} is not the output of a built Functions app (.NET isolated): it has no {missing}.", Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message);
    }

    [Theory]
    [InlineData("worker.config.json")]
    [InlineData("functions.metadata")]
    [InlineData("host.json")]
    public void A_file_that_cannot_be_read_is_named(string broken)
    {
        Write();
        File.WriteAllText(Path.Combine(folder, broken), "{");

        Assert.StartsWith($"{Path.Combine(folder, broken)} is not valid: ", Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_does_not_say_what_to_start_is_refused()
    {
        Write();
        File.WriteAllText(Path.Combine(folder, "worker.config.json"), """{ "description": { "defaultWorkerPath": "App.dll" } }""");

        Assert.Equal($"{folder} names no executable in worker.config.json.", Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message);
    }

    [Fact]
    public void An_app_without_functions_is_refused()
    {
        Write(functions: "[]");

        Assert.Equal($"{folder} holds an app without functions.", Assert.Throws<StartException>(() => AppFolder.Read(folder, NoSettings)).Message);
    }

    private void Write(
        string functions = """[{ "name": "Say", "scriptFile": "App.dll", "entryPoint": "App.Say", "bindings": [{ "name": "r", "type": "httpTrigger", "direction": "In" }] }]""", string hostJson = """{ "version": "2.0" }""")
    {
        File.WriteAllText(Path.Combine(folder, "worker.config.json"), """{ "description": { "defaultExecutablePath": "dotnet", "defaultWorkerPath": "App.dll" } }""");
        File.WriteAllText(Path.Combine(folder, "functions.metadata"), functions);
        File.WriteAllText(Path.Combine(folder, "host.json"), hostJson);
    }
}
