using System.Security.Cryptography;
using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Tests.Access;

public sealed class SafeKeysTests
{
    private const string Good = "Jm2Zq0b8K4n1x7Tt5Vw9";
    private const string OnThisMachine = "UseDevelopmentStorage=true";
    private const string Loopback = "AccountName=a;AccountKey=b=;QueueEndpoint=http://127.0.0.1:10001/a;TableEndpoint=http://localhost:10002/a";
    private const string Azure = "DefaultEndpointsProtocol=https;AccountName=leads;AccountKey=b=;EndpointSuffix=core.windows.net";

    [Theory]
    [InlineData("local-admin-key", Good, AccessOptions.AdminKeySetting, "sample settings")]
    [InlineData(Good, "local-write-key", AccessOptions.WriteKeySetting, "sample settings")]
    [InlineData("", Good, AccessOptions.AdminKeySetting, "not set")]
    [InlineData(Good, "", AccessOptions.WriteKeySetting, "not set")]
    [InlineData("short", Good, AccessOptions.AdminKeySetting, "shorter")]
    [InlineData(Good, Good, AccessOptions.AdminKeySetting, "stands in every web page")]
    [InlineData("jm2zq0b8k4n1x7tt5vw9", Good, AccessOptions.AdminKeySetting, "stands in every web page")]
    [InlineData(Good, Good + " ", AccessOptions.AdminKeySetting, "stands in every web page")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa", Good, AccessOptions.AdminKeySetting, "guessed")]
    [InlineData(Good, "12345678901234567890", AccessOptions.WriteKeySetting, "guessed")]
    public void A_deployed_app_has_a_reason_not_to_start_with(string adminKey, string writeKey, string setting, string why)
    {
        var fault = Assert.Single(new AccessOptions(adminKey, writeKey).FaultsWhenDeployed());

        Assert.Contains(setting, fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_keys_are_good() => Assert.Empty(new AccessOptions(Good, "w" + Good).FaultsWhenDeployed());

    [Theory]
    [InlineData("abababababababababababab")]
    [InlineData("abcdefghijklmnopqrstuvwxyz")]
    [InlineData("zyxwvutsrqponmlkjihgfedcba")]
    [InlineData("qwertyuiopasdfghjklzxcvbnm")]
    [InlineData("QWERTZUIOPasdfghjkl1234567890")]
    [InlineData("0000000000000000000000000000000000000000")]
    [InlineData("passwordpasswordpassword")]
    [InlineData("password1234567890password")]
    [InlineData("local-admin-key-local-admin-key")]
    [InlineData("YOUR_WRITE_KEY_YOUR_WRITE_KEY")]
    [InlineData("change-me-change-me-change-me")]
    [InlineData("leadfunctions-admin-key-2026")]
    [InlineData("s3cr3ts3cr3ts3cr3ts3cr3t")]
    [InlineData("20260101202601012026010120260101")]
    public void A_long_key_can_be_trivial(string key) => Assert.True(KeyStrength.IsTrivial(key));

    [Theory]
    [InlineData(Good)]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")]
    public void A_key_that_nobody_guesses_is_not(string key) => Assert.False(KeyStrength.IsTrivial(key));

    [Fact]
    public void What_the_documentation_has_people_make_is_never_trivial()
    {
        for (var i = 0; i < 5_000; i++)
        {
            Assert.False(KeyStrength.IsTrivial(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))); // openssl rand -base64 32
            Assert.False(KeyStrength.IsTrivial(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)))); // openssl rand -hex 20
        }
    }

    [Theory]
    [InlineData("Production", null, OnThisMachine, true)]
    [InlineData("Staging", null, OnThisMachine, true)]
    [InlineData("Development", null, OnThisMachine, false)]
    [InlineData("Development", null, Azure, false)]
    [InlineData("Development", null, null, false)]
    [InlineData("Development", "WEBSITE_SITE_NAME", Azure, true)]
    [InlineData("Development", "WEBSITE_SITE_NAME", OnThisMachine, true)]
    [InlineData("Development", "CONTAINER_NAME", null, true)] // storage by identity
    [InlineData("Development", "CONTAINER_NAME", Azure, true)]
    [InlineData("Development", "CONTAINER_NAME", OnThisMachine, false)] // a developer's container
    [InlineData("Development", "CONTAINER_NAME", Loopback, false)]
    [InlineData("Development", "CONTAINER_NAME", Loopback + ";BlobEndpoint=https://leads.blob.core.windows.net", true)]
    [InlineData("Development", "WEBSITE_HOSTNAME", OnThisMachine, false)] // Core Tools set it on a laptop
    public void The_platform_s_own_marks_say_that_an_app_is_deployed(string environment, string? mark, string? storage, bool isDeployed)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", storage), new(mark ?? "NOTHING", "leads")]).Build();

        Assert.Equal(isDeployed, Deployment.Of(new Named { EnvironmentName = environment }, settings).IsDeployed);
    }

    [Fact]
    public async Task A_deployed_app_does_not_start_with_the_sample_keys_and_says_why()
    {
        await using var app = AppProcess.Launch(null, Deployed, await Emulator.NewSharedAccountAsync());

        Assert.NotEqual(0, await app.ExitAsync());
        Assert.Contains(AccessOptions.AdminKeySetting, app.Output, StringComparison.Ordinal);
        Assert.Contains(AccessOptions.WriteKeySetting, app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("local-", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployed_app_starts_with_keys_of_its_own()
    {
        await using var app = await TestApp.StartAsync(
            App.Build,
            new Dictionary<string, string>(Deployed) { [AccessOptions.AdminKeySetting] = Good, [AccessOptions.WriteKeySetting] = Good + "w", ["LeadFunctions__Clock"] = "real" });

        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.GetAsync("/api/sources", Good)).Status);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await app.GetAsync("/api/sources")).Status);
    }

    private static readonly Dictionary<string, string> Deployed = new() { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production" };

    private sealed class Named : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "LeadFunctions";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
