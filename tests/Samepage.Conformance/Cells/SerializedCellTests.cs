using System.Text.Json;
using System.Text.Json.Serialization;
using Samepage.Channels;

namespace Samepage.Conformance.Cells;

/// <summary>Text and objects in cells and in maps of them, by a serializer.</summary>
public sealed partial class SerializedCellTests
{
    private static readonly Utf8StringSerializer _text = Utf8StringSerializer.Instance;
    private static readonly JsonMessageSerializer<Score> _json = new(ScoreContext.Default.Score);

    [Theory]
    [InlineData("")]
    [InlineData("Ærøskøbing, 日本, 🚀")]
    [InlineData(null)]
    public void Text_of_any_length_is_the_latest_value(string? text)
    {
        text ??= new string('x', 65_000);
        using Cell cell = Cell.Create(Expect.NewName(), new CellOptions { Capacity = 65_000 });
        Assert.False(cell.TryRead(_text, out string? read, out ulong number));
        Assert.Equal((null, 0ul), (read, number));
        cell.Write(text, _text);
        Assert.True(cell.TryRead(_text, out read, out number));
        Assert.Equal((text, 1ul), (read, number));
        Assert.Throws<ArgumentException>(() => cell.Write(new string('x', 65_001), _text));
        Assert.True(cell.TryRead(_text, out read));
        Assert.Equal(text, read);
    }

    [Fact]
    public void An_update_makes_the_next_of_the_latest_and_changes_nothing_when_it_throws()
    {
        using Cell cell = Cell.Create(Expect.NewName());
        Score next = cell.Update(latest => latest is null ? new Score("Ada", [1]) : throw new InvalidOperationException("There was one."), _json);
        Assert.Equal("Ada", next.Who);
        Assert.Throws<InvalidOperationException>(() => cell.Update(_ => throw new InvalidOperationException("no"), _json));
        // What is empty is a value, and not none.
        using Cell empty = Cell.Create(Expect.NewName("empty"));
        empty.Write([]);
        Assert.Equal("was empty", empty.Update(latest => latest is "" ? "was empty" : "was not there", _text));

        Parallel.For(0, 4, _ =>
        {
            using Cell own = Cell.Open(cell.Name);
            for (int i = 0; i < 50; i++)
                own.Update(latest => latest! with { Points = [.. latest.Points, 1] }, _json);
        });
        Assert.True(cell.TryRead(_json, out Score? last, out ulong number));
        Assert.Equal((201, 201ul), (last.Points.Length, number));
    }

    [Fact]
    public void What_is_no_such_value_is_refused_and_can_be_replaced()
    {
        using Cell cell = Cell.Create(Expect.NewName());
        cell.Write("no json"u8);
        Assert.Throws<JsonException>(() => cell.TryRead(_json, out _));
        Assert.Throws<JsonException>(() => cell.Update(static latest => latest!, _json));
        cell.Write(new Score("Ada", []), _json);
        Assert.True(cell.TryRead(_json, out Score? read));
        Assert.Equal("Ada", read.Who);
    }

    [Fact]
    public void Entries_of_a_map_have_values_of_any_type_until_they_are_removed()
    {
        using CellMap map = CellMap.Create(Expect.NewName());
        CellMapEntry entry = map.GetOrAdd("Ada");
        Assert.False(entry.TryRead(_json, out _));
        Assert.True(entry.TryUpdate(latest => latest ?? new Score("Ada", [1, 2]), _json));
        Assert.True(entry.TryRead(_json, out Score? read, out ulong number));
        Assert.Equal((2, 1ul), (read.Points.Length, number));
        Assert.Throws<ArgumentException>(() => entry.TryWrite(new string('x', map.ValueCapacity + 1), _text));
        Assert.True(entry.TryWrite(new Score("Eve", []), _json));
        Assert.True(entry.TryRead(_json, out read));
        Assert.Equal("Eve", read.Who);
        map.Remove("Ada");
        Assert.False(entry.TryWrite(new Score("Ada", []), _json));
        Assert.False(entry.TryUpdate(_ => new Score("Ada", []), _json));
        Assert.False(entry.TryRead(_json, out read, out number));
        Assert.Equal((null, 0ul), (read, number));
    }

    public sealed record Score(string Who, int[] Points);

    [JsonSerializable(typeof(Score))]
    private sealed partial class ScoreContext : JsonSerializerContext;
}
