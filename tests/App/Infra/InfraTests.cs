using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Identity;
using LeadFunctions.Events;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Operations;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Infra;

/// <summary>What is deployed against what the app needs: compiled by the real compiler, without a word from it.</summary>
public sealed partial class InfraTests(CompiledInfra infra) : IClassFixture<CompiledInfra>
{
    private const string Containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

    /// <summary>Azure's built-in roles, by the ids that are the same everywhere.</summary>
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["d5a91429-5739-47e2-a06b-3470a27159e7"] = "EventGrid Data Sender",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    /// <summary>Sample settings that no deployment sets, and why.</summary>
    private static readonly Dictionary<string, string> NotDeployed = new()
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "Flex Consumption refuses it: the app's own configuration says it",
        ["AzureWebJobsStorage"] = "a connection string is a key; the deployment names account and identity",
        ["LeadFunctions__Ingest__Writers"] = "the default is right",
        ["LeadFunctions__Ingest__MaxWaitingMegabytes"] = "the default is right",
        ["LeadFunctions__Feedback__HumanFrom"] = "the default is right",
        ["LeadFunctions__Feedback__MachineRanges"] = "the default is right: who knows their readers may name some",
        ["LeadFunctions__EasyAuth"] = "only once people have roles in an app registration, which no template can give them",
        ["LeadFunctions__MaskForRead"] = "the default is right: who has such keys may want it",
        ["LeadFunctions__Clock"] = "the default is right: the real one",
        ["LeadFunctions__Staging"] = "only where a deployed app is there to be tried out",
        ["LeadFunctions__Definitions__KnownWithin"] = "the default is right",
        ["LeadFunctions__Prices__Currency"] = "prices differ by region and redundancy: who wants to see money says what theirs are",
        ["LeadFunctions__Prices__Tables"] = "as the one before",
        ["LeadFunctions__Prices__Queues"] = "as the one before",
        ["LeadFunctions__Prices__Blobs"] = "as the one before",
        ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "host.json is for Azure; a laptop looks more often",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval"] = "as the one before",
        ["LeadFunctions__Journeys__OutboxFolder"] = "local only: an instance's disk is nobody's",
        ["LeadFunctions__EventGrid__Key"] = "a key is a secret; the deployment's topic takes the app's identity and no key",
        ["LeadFunctions__Smtp__Token"] = "a token ends within the hour: a deployment has a password, or the scope by hand",
        ["LeadFunctions__Smtp__TokenScope"] = "only where the carrier knows the app's identity",
        ["LeadFunctions__Smtp__Connections"] = "the default is right",
        ["LeadFunctions__Smtp__TimeoutSeconds"] = "the default is right",
        ["LeadFunctions__Acs__AccessKey"] = "a key is a secret; the app's identity sends without one",
        ["LeadFunctions__Journeys__AllowPrivateWebhooks"] = "local only: unsafe where strangers reach the app",
    };

    [CompilerFact]
    public void The_compiler_has_nothing_to_say() => Assert.Equal("", infra.Said);

    [CompilerFact]
    public void Every_queue_of_the_code_is_created_and_no_other()
    {
        var names = typeof(Queues).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!); // a literal has a value

        Assert.Equal(names.SelectMany(name => new[] { name, $"{name}-poison" }).Order(), infra.List("queues").Order());
        AssertLoops("Microsoft.Storage/storageAccounts/queueServices/queues", "queues");
    }

    [CompilerFact]
    public void Every_table_of_the_code_is_created_and_no_other()
    {
        using var app = LeadFunctions.App.Build(["--AzureWebJobsStorage=UseDevelopmentStorage=true", "--LeadFunctions:Clock=movable"]);
        var names = app.Services.GetServices<OwnedTable>().Select(table => table.Name).Distinct();

        Assert.Equal(names.Order(), infra.List("tables").Order());
        AssertLoops("Microsoft.Storage/storageAccounts/tableServices/tables", "tables");
    }

    private static readonly Comparer<KeyValuePair<string, string>> ByName = Comparer<KeyValuePair<string, string>>.Create((one, other) => string.CompareOrdinal(one.Key, other.Key));

    [CompilerFact]
    public void Every_container_of_the_code_is_created_and_emptied_when_its_files_are_old()
    {
        using var app = LeadFunctions.App.Build(["--AzureWebJobsStorage=UseDevelopmentStorage=true"]);
        var names = app.Services.GetServices<OwnedContainer>().Select(container => container.Name).Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(names.Order(), infra.List("containers").Order());
        AssertLoops(Containers, "containers", container => container.TryGetProperty("copy", out _));
        var rules = Assert.Single(infra.OfType("Microsoft.Storage/storageAccounts/managementPolicies")).GetProperty("properties").GetProperty("policy").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("definition"));
        Assert.Equal(
            names.ToDictionary(name => name + "/", name => name == "imports" ? "[parameters('importDays')]" : "[parameters('formFileDays')]").Append(new($"{FormFiles.Container}/{FormFiles.Held}", $"{FormsTable.SpamKept.TotalDays}")).Order(ByName),
            rules.Select(rule => KeyValuePair.Create(
                rule.GetProperty("filters").GetProperty("prefixMatch").EnumerateArray().Single().GetString()!, // each names one
                rule.GetProperty("actions").GetProperty("baseBlob").GetProperty("delete").GetProperty("daysAfterModificationGreaterThan").ToString())).Order(ByName));
    }

    [CompilerFact]
    public void The_package_has_a_container_that_the_app_is_started_from()
    {
        var container = Assert.Single(infra.OfType(Containers), container => !container.TryGetProperty("copy", out _));
        var storage = TheApp.GetProperty("functionAppConfig").GetProperty("deployment").GetProperty("storage");

        Assert.Contains("'packages'", container.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(("blobContainer", "UserAssignedIdentity"), (storage.GetProperty("type").GetString(), storage.GetProperty("authentication").GetProperty("type").GetString()));
    }

    [CompilerFact]
    public void The_app_runs_isolated_on_the_version_that_it_is_built_for()
    {
        var runtime = TheApp.GetProperty("functionAppConfig").GetProperty("runtime");
        var target = Regex.Match(Repository.Read("Directory.Build.props"), "<TargetFramework>net([0-9.]+)<").Groups[1].Value;

        Assert.Equal(("dotnet-isolated", target), (runtime.GetProperty("name").GetString(), runtime.GetProperty("version").GetString()));
        Assert.Equal("FC1", Assert.Single(infra.OfType("Microsoft.Web/serverfarms")).GetProperty("sku").GetProperty("name").GetString());
    }

    [CompilerFact]
    public void Every_setting_is_deployed_or_there_is_a_reason_why_not()
    {
        var sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject().Select(setting => setting.Name).ToHashSet();
        var deployed = DeployedSettings();

        Assert.Equal([], sample.Except(deployed).Except(NotDeployed.Keys));
        Assert.Equal([], NotDeployed.Keys.Intersect(deployed).Concat(NotDeployed.Keys.Except(sample)));
        Assert.Equal([], deployed.Where(name => name.StartsWith("LeadFunctions__", StringComparison.Ordinal)).Except(sample));
    }

    [CompilerFact]
    public void Storage_is_reached_by_identity_in_the_words_that_host_and_app_both_read()
    {
        Assert.Subset(DeployedSettings(), (HashSet<string>)["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        var account = Assert.Single(infra.OfType("Microsoft.Storage/storageAccounts")).GetProperty("properties");
        Assert.False(account.GetProperty("allowSharedKeyAccess").GetBoolean());
        Assert.False(account.GetProperty("allowBlobPublicAccess").GetBoolean());
    }

    [CompilerFact]
    public void Keys_come_from_the_vault_alone()
    {
        var settings = infra.Variable("settings");

        Assert.StartsWith("[format('@Microsoft.KeyVault(", settings.GetProperty("LeadFunctions__AdminKey").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("[format('@Microsoft.KeyVault(", settings.GetProperty("LeadFunctions__WriteKey").GetString(), StringComparison.Ordinal);
        Assert.Equal(["adminKey", "dkimKey", "feedbackKeys", "otlpHeaders", "pushPrivateKey", "smtpPassword", "writeKey"], infra.Template.GetProperty("parameters").EnumerateObject()
            .Where(parameter => parameter.Value.GetProperty("type").GetString() == "securestring").Select(parameter => parameter.Name).Order());
    }

    [CompilerFact]
    public void The_apps_identity_has_the_roles_that_it_needs_each_where_it_needs_it_and_no_other()
    {
        var assigned = from assignment in infra.OfType("Microsoft.Authorization/roleAssignments")
                       let properties = assignment.GetProperty("properties")
                       let variable = RoleVariable().Match(properties.GetProperty("roleDefinitionId").GetString()!).Groups[1].Value // it is text
                       from id in infra.Variable(variable) is { ValueKind: JsonValueKind.Array } ? infra.List(variable) : [infra.Variable(variable).GetString()!] // or one id
                       select (Role: Roles[id], Scope: assignment.GetProperty("scope").GetString(), Principal: properties.GetProperty("principalId").GetString());
        (string, string?, string?) On(string resource, string role) => (role, $"[resourceId('{resource}', parameters('name'))]", "[parameters('principalId')]");

        Assert.Equal(
            [
                On("Microsoft.EventGrid/topics", "EventGrid Data Sender"),
                On("Microsoft.KeyVault/vaults", "Key Vault Secrets User"),
                On("Microsoft.Insights/components", "Monitoring Metrics Publisher"),
                On("Microsoft.Storage/storageAccounts", "Storage Blob Data Owner"),
                On("Microsoft.Storage/storageAccounts", "Storage Queue Data Contributor"),
                On("Microsoft.Storage/storageAccounts", "Storage Table Data Contributor"),
            ],
            assigned.Order());

        // Each of these names is the only resource of its kind, and the principal is the identity that the app runs as.
        foreach (var type in new[] { "Microsoft.EventGrid/topics", "Microsoft.KeyVault/vaults", "Microsoft.Insights/components", "Microsoft.Storage/storageAccounts" })
        {
            Assert.Equal("[parameters('name')]", Assert.Single(infra.OfType(type)).GetProperty("name").GetString());
        }

        var identity = $"resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', {Unwrapped(Assert.Single(infra.OfType("Microsoft.ManagedIdentity/userAssignedIdentities")).GetProperty("name"))})";
        Assert.Equal(Enumerable.Repeat($"[reference({identity}, '2023-01-31').principalId]", 4), infra.Passed("principalId"));
        Assert.Equal([$"[{identity}]"], infra.Passed("identityId"));
        Assert.Equal([$"[reference({identity}, '2023-01-31').clientId]"], infra.Passed("identityClientId"));
        Assert.Equal(["[format('{0}', parameters('identityId'))]"], Assert.Single(infra.OfType("Microsoft.Web/sites")).GetProperty("identity").GetProperty("userAssignedIdentities").EnumerateObject().Select(one => one.Name));
    }

    [CompilerFact]
    public void Telemetry_is_sent_where_host_and_app_look_for_it_and_by_the_identity()
    {
        var authentication = infra.Variable("settings").GetProperty("APPLICATIONINSIGHTS_AUTHENTICATION_STRING").GetString()!; // it is text

        Assert.Equal("[format('ClientId={0};Authorization=AAD', parameters('identityClientId'))]", authentication);
        Assert.IsType<ManagedIdentityCredential>(TelemetryExport.FindCredential(authentication.Split('\'')[1]));
        Assert.Equal("[parameters('insightsConnection')]", infra.Variable("settings").GetProperty("APPLICATIONINSIGHTS_CONNECTION_STRING").GetString());
        Assert.Equal(
            ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_SERVICE_NAME"],
            OtlpSetting().Matches(infra.Variable("otlpSettings").GetString()!).Select(match => match.Value).Order()); // an expression
    }

    [CompilerFact]
    public void Nobody_publishes_with_a_password()
    {
        var policies = infra.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        Assert.Equal(2, policies.Count);
        Assert.All(policies, policy => Assert.False(policy.GetProperty("properties").GetProperty("allow").GetBoolean()));
        Assert.All(new[] { "ftp", "scm" }, name => Assert.Contains(policies, policy => policy.GetProperty("name").GetString()!.Contains($"'{name}'", StringComparison.Ordinal)));
        Assert.True(TheApp.GetProperty("httpsOnly").GetBoolean());
    }

    [CompilerFact]
    public void App_vault_and_all_three_storage_services_have_diagnostics()
    {
        var scopes = infra.OfType("Microsoft.Insights/diagnosticSettings").Select(setting => setting.GetProperty("scope").GetString()!).ToList();

        Assert.Equal(5, scopes.Count);
        Assert.All(
            new[] { "Microsoft.Web/sites", "Microsoft.KeyVault/vaults", "blobServices", "queueServices", "tableServices" },
            resource => Assert.Contains(scopes, scope => scope.Contains(resource, StringComparison.Ordinal)));
    }

    [CompilerFact]
    public void With_a_network_of_its_own_nothing_else_reaches_what_the_app_stores()
    {
        Assert.Equal(["blob", "queue", "table", "vault"], infra.Variable("services").EnumerateArray().Select(service => service.GetProperty("name").GetString()));
        foreach (var resource in infra.OfType("Microsoft.Storage/storageAccounts").Concat(infra.OfType("Microsoft.KeyVault/vaults")))
        {
            var properties = resource.GetProperty("properties");
            Assert.Equal("[if(parameters('isPrivate'), 'Disabled', 'Enabled')]", properties.GetProperty("publicNetworkAccess").GetString());
            Assert.Equal("[if(parameters('isPrivate'), 'Deny', 'Allow')]", properties.GetProperty("networkAcls").GetProperty("defaultAction").GetString());
        }

        Assert.Contains("subnetId", TheApp.GetProperty("virtualNetworkSubnetId").GetString(), StringComparison.Ordinal);
    }

    [CompilerFact]
    public void The_outbox_is_not_kept_for_ever() => Assert.Equal(30, infra.Template.GetProperty("parameters").GetProperty("outboxDays").GetProperty("defaultValue").GetInt32());

    [Fact]
    public void A_killed_process_holds_up_journeys_for_a_minute_at_most()
    {
        var extensions = JsonDocument.Parse(Repository.Read("host.json")).RootElement.GetProperty("extensions");
        var durable = extensions.GetProperty("durableTask").GetProperty("storageProvider");

        Assert.All(
            [durable.GetProperty("controlQueueVisibilityTimeout"), durable.GetProperty("workItemQueueVisibilityTimeout"), extensions.GetProperty("queues").GetProperty("visibilityTimeout")],
            time => Assert.InRange(TimeSpan.Parse(time.GetString()!), TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    private static string Unwrapped(JsonElement expression) => expression.GetString()![1..^1]; // expressions stand in brackets

    private JsonElement TheApp => Assert.Single(infra.OfType("Microsoft.Web/sites")).GetProperty("properties");

    /// <summary>By name.</summary>
    private HashSet<string> DeployedSettings()
    {
        Assert.Equal("[union(variables('settings'), variables('otlpSettings'))]", Assert.Single(infra.OfType("Microsoft.Web/sites/config")).GetProperty("properties").GetString());
        return [.. infra.Variable("settings").EnumerateObject().Select(setting => setting.Name)];
    }

    private void AssertLoops(string type, string list, Predicate<JsonElement>? which = null)
    {
        var resource = Assert.Single(infra.OfType(type), which ?? (_ => true));
        Assert.Equal($"[length(variables('{list}'))]", resource.GetProperty("copy").GetProperty("count").GetString());
        Assert.Contains($"variables('{list}')[copyIndex()]", resource.GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"variables\('(\w+)'\)")]
    private static partial Regex RoleVariable();

    [GeneratedRegex(@"\bOTEL_\w+")]
    private static partial Regex OtlpSetting();
}
