using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Conditions;

public sealed class EventReaderTests
{
    [Fact]
    public void Every_path_reads_the_same_the_second_time()
    {
        var long1 = new string('x', 1500);
        var long2 = new string('ż', 1900);
        var members = Enumerable.Range(0, 60).ToDictionary(i => $"p{i}", i => (i % 5) switch { 0 => long1 + i, 1 => long2 + i, 2 => $"short {i}", 3 => $"quote \" {i}", _ => new string('y', 5000) + i });
        var @event = Shop.Event("e", TimeSpan.Zero, JsonSerializer.Serialize(members));
        var paths = members.Keys.Select(name => new PropertyPath(name)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            Assert.All(paths, path => Assert.Equal(members[path.Text], Read(@event, path)));
        }
    }

    [Fact]
    public void Another_event_is_read_anew()
    {
        var path = new PropertyPath("p");

        Assert.Equal("1", Read(Shop.Event("e", TimeSpan.Zero, """{"p":"1"}"""), path));
        Assert.Equal("2", Read(Shop.Event("e", TimeSpan.Zero, """{"p":"2"}"""), path));
        Assert.Equal("", Read(Shop.Event("e", TimeSpan.Zero), path));
    }

    private static string Read(LeadEvent @event, PropertyPath path) => EventReader.Of(@event).Read(path, out _).Text.ToString();
}
