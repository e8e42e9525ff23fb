using LeadFunctions.Local.Functions.Azurite;
using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Queues;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class SettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("leadfunctions-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Local_settings_win_over_the_sample_and_double_underscores_part_sections()
    {
        Write("local.settings.sample.json", """{ "Values": { "App__Key": "sample" } }""");
        Assert.Equal("sample", Settings.Local([folder])["App:Key"]);

        Write("local.settings.json", """
            {
              "IsEncrypted": false, // as Core Tools write it
              "Values": { "App__Key": "own", "Number": 5, },
            }
            """);
        var values = Settings.Local([folder]);
        Assert.Equal("own", values["App:Key"]);
        Assert.Equal("5", values["Number"]);
    }

    [Fact]
    public void Settings_that_are_not_JSON_are_refused_with_the_files_name()
    {
        Write("local.settings.json", "{");
        Assert.Contains("local.settings.json", Assert.Throws<LocalStartException>(() => Settings.Local([folder])).Message);
    }

    [Fact]
    public void Queue_settings_come_from_host_json_and_settings_override_them()
    {
        Write("host.json", """
            { "extensions": { "queues": { "batchSize": 8, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:02", "messageEncoding": "none" } } }
            """);
        var overrides = Configuration(("AzureFunctionsJobHost:extensions:queues:batchSize", "100"));

        Assert.Equal(
            new QueueSettings(8, 4, TimeSpan.FromSeconds(30), 3, TimeSpan.FromSeconds(2), IsBase64: false),
            QueueSettings.From(Settings.Host(folder, Configuration())));
        Assert.Equal(32, QueueSettings.From(Settings.Host(folder, overrides)).BatchSize);
        Assert.Equal(
            new QueueSettings(16, 8, TimeSpan.Zero, 5, TimeSpan.FromMinutes(1), IsBase64: true),
            QueueSettings.From(Settings.Host(Path.Combine(folder, "nowhere"), Configuration())));
    }

    [Fact]
    public void A_name_in_percent_signs_is_a_setting()
    {
        var configuration = Configuration(("Queue", "orders"), ("App:Schedule", "0 * * * * *"));

        Assert.Equal("orders", Settings.Resolve(configuration, "%Queue%"));
        Assert.Equal("eu-orders-1", Settings.Resolve(configuration, "eu-%Queue%-1"));
        Assert.Equal("0 * * * * *", Settings.Resolve(configuration, "%App__Schedule%"));
        Assert.Contains("Absent", Assert.Throws<LocalStartException>(() => Settings.Resolve(configuration, "%Absent%")).Message);
    }

    [Fact]
    public void Arguments_set_the_port_the_data_folder_and_settings_and_the_rest_is_configuration()
    {
        var arguments = LocalArguments.Parse(["--port", "8080", "--data=/tmp/x", "--reset", "--setting", "App__Key=a=b", "--Other", "1"]);

        Assert.Equal(8080, arguments.Port);
        Assert.Equal(Path.GetFullPath("/tmp/x"), arguments.Data);
        Assert.True(arguments.Reset);
        Assert.Equal("a=b", arguments.Overrides["App:Key"]);
        Assert.Equal(["--Other", "1"], arguments.Rest);
        Assert.Equal(7071, LocalArguments.Parse([]).Port);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", 10001, 10002)]
    [InlineData("UseDevelopmentStorage=true;", 10001, 10002)]
    [InlineData("AccountName=devstoreaccount1;AccountKey=k==;QueueEndpoint=http://127.0.0.1:1/devstoreaccount1;TableEndpoint=http://localhost:2/devstoreaccount1", 1, 2)]
    [InlineData("AccountName=other;AccountKey=k==;QueueEndpoint=http://127.0.0.1:1/other;TableEndpoint=http://127.0.0.1:2/other", 0, 0)]
    [InlineData("AccountName=devstoreaccount1;AccountKey=k==;QueueEndpoint=http://azurite:1/devstoreaccount1;TableEndpoint=http://azurite:2/devstoreaccount1", 0, 0)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=k==;EndpointSuffix=core.windows.net", 0, 0)]
    [InlineData("", 0, 0)]
    [InlineData(null, 0, 0)]
    public void Only_the_well_known_account_on_this_machine_is_an_emulator_to_start(string? connectionString, int queue, int table) =>
        Assert.Equal(queue == 0 ? null : (queue, table), EmulatorPorts.Find(connectionString));

    private static IConfigurationRoot Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
