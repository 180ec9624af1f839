using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>The cell that a verb is about, or the key of a map of cells.</summary>
internal sealed class CellChoice
{
    private readonly Argument<string> _name = Common.Name("Name of the cell, or of the map of cells.");
    private readonly Option<string?> _key = new("--key", "-k") { Description = "Which value of a map of cells.", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        command.Add(_name);
        command.Add(_key);
    }

    public string Name(ParseResult line) => line.GetRequiredValue(_name);

    /// <summary>As messages speak of it.</summary>
    public string Describe(ParseResult line) => line.GetValue(_key) is { } key ? $"key {Shown.Name(key)} of cell map {Shown.Name(Name(line))}" : $"cell {Shown.Name(Name(line))}";

    public CellValue Open(ParseResult line)
    {
        RequireKey(line);
        CellValue value = line.GetValue(_key) is { } key ? Entry(CellMap.Open(Name(line)), key) : CellValue.Of(Cell.Open(Name(line)));
        if (!value.IsRemoved)
            return value;
        value.Dispose();
        throw new IOException($"there is no {Describe(line)}. \"samepage info\" shows those that it has.");
    }

    /// <summary>What is there; a key need not be.</summary>
    public bool TryOpenToWrite(ParseResult line, out CellValue? value)
    {
        RequireKey(line);
        value = line.GetValue(_key) is { } key
            ? CellMap.TryOpen(Name(line), out CellMap? map) ? Entry(map, key) : null
            : Cell.TryOpen(Name(line), out Cell? cell) ? CellValue.Of(cell) : null;
        return value is not null;
    }

    /// <summary>Makes it, unless somebody was faster.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="capacity">The most bytes of a value, if it is wished.</param>
    /// <param name="atLeast">So many are needed.</param>
    /// <param name="created">False: somebody was.</param>
    public CellValue CreateOrOpen(ParseResult line, int? capacity, int atLeast, out bool created)
    {
        if (line.GetValue(_key) is { } key)
        {
            var options = new CellMapOptions();
            return Entry(CellMap.CreateOrOpen(Name(line), out created, options with { ValueCapacity = capacity ?? Math.Max(options.ValueCapacity, atLeast) }), key);
        }
        var defaults = new CellOptions();
        return CellValue.Of(Cell.CreateOrOpen(Name(line), out created, defaults with { Capacity = capacity ?? Math.Max(defaults.Capacity, atLeast) }));
    }

    private static CellValue Entry(CellMap map, string key)
    {
        try
        {
            return CellValue.Of(map, key);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private void RequireKey(ParseResult line)
    {
        if (line.GetValue(_key) is null && CellMap.Exists(Name(line)))
            throw new UsageException($"{Shown.Name(Name(line))} is a map of cells: say which value by --key. \"samepage info\" shows the keys.");
    }
}
