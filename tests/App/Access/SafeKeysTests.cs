using LeadFunctions.Access;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Tests.Access;

public sealed class SafeKeysTests
{
    private const string Good = "Jm2Zq0b8K4n1x7Tt5Vw9";

    [Theory]
    [InlineData("local-admin-key", Good, AccessOptions.AdminKeySetting, "sample settings")]
    [InlineData(Good, "local-write-key", AccessOptions.WriteKeySetting, "sample settings")]
    [InlineData("", Good, AccessOptions.AdminKeySetting, "not set")]
    [InlineData(Good, "", AccessOptions.WriteKeySetting, "not set")]
    [InlineData("short", Good, AccessOptions.AdminKeySetting, "shorter")]
    public void A_deployed_app_has_a_reason_not_to_start_with(string adminKey, string writeKey, string setting, string why)
    {
        var fault = Assert.Single(new AccessOptions(adminKey, writeKey).FaultsWhenDeployed());

        Assert.Contains(setting, fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_keys_are_good() => Assert.Empty(new AccessOptions(Good, Good).FaultsWhenDeployed());

    [Fact]
    public async Task A_deployed_app_does_not_start_with_the_sample_keys_and_says_why()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApp.StartAsync(App.Build, customize: Deploy));

        Assert.Equal(2, refused.Failures.Count());
        Assert.All(refused.Failures, f => Assert.DoesNotContain("local-", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deployed_app_starts_with_keys_of_its_own()
    {
        await using var app = await TestApp.StartAsync(
            App.Build,
            new Dictionary<string, string> { [AccessOptions.AdminKeySetting] = Good, [AccessOptions.WriteKeySetting] = Good + "w" },
            customize: Deploy);

        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.GetAsync("/api/sources", Good)).Status);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await app.GetAsync("/api/sources")).Status);
    }

    private static void Deploy(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IHostedService>(provider => new SafeKeys(provider.GetRequiredService<AccessOptions>(), new Deployed()));
    }

    private sealed class Deployed : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "LeadFunctions";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
