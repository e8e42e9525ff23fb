using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadFunctions.Integrations;
using LeadFunctions.Integrations.Delivery;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What is written into rows and messages can be read again, with all that may be missing missing.</summary>
public sealed class StoredShapeTests
{
    private static readonly DateTimeOffset At = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Orders_and_states_come_back_as_they_were()
    {
        Same(new DeliveryOrder(LeadId: "l"), DeliveryJson.Default.DeliveryOrder);
        Same(new DeliveryOrder("crm", IsDeleted: true), DeliveryJson.Default.DeliveryOrder);
        Same(new DeliveryOrder("crm", Replay: new("r", Sends: true)), DeliveryJson.Default.DeliveryOrder);
        Same(new DeliveryOrder("crm", "l", new("r", false, "d|1", 7), false, At, "trace"), DeliveryJson.Default.DeliveryOrder);
        Same(new TargetState(), DeliveryJson.Default.TargetState);
        Same(new TargetState(new("whsec_a"), new(3), new(At, "gone"), new("r", At, At, At)), DeliveryJson.Default.TargetState);
        Same(new TargetState(new("whsec_a", "whsec_b", At), new(5, At), null, new("r", At, At, At, 7, At)), DeliveryJson.Default.TargetState);
    }

    [Fact]
    public void Attempts_and_events_come_back_as_they_were()
    {
        IReadOnlyList<Attempt> attempts = [new(At, 7), new(At, 7, 200), new(At, 7, null, "It did not answer.")];
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(attempts, IntegrationsJson.Default.IReadOnlyListAttempt), IntegrationsJson.Default.IReadOnlyListAttempt);
        Assert.Equal(attempts, read);

        var told = SampleEvents.Of(HappeningTypes.StageChanged, At);
        var again = JsonSerializer.Deserialize(JsonSerializer.Serialize(told, IntegrationsJson.Default.WorldEvent), IntegrationsJson.Default.WorldEvent);
        Assert.Equal(told.ToJson(), again?.ToJson());
    }

    private static void Same<T>(T value, JsonTypeInfo<T> type) => Assert.Equal(value, JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type));
}
