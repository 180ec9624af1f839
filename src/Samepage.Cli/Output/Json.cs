using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Samepage.Cli.Bench;
using Samepage.Cli.Top;

namespace Samepage.Cli.Output;

/// <summary>The shapes that <c>--json</c> prints, one line each when they stream, indented when they stand alone.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ObjectJson[]))]
[JsonSerializable(typeof(OrphanJson[]))]
[JsonSerializable(typeof(FindingJson[]))]
[JsonSerializable(typeof(ChangeJson))]
[JsonSerializable(typeof(EventJson))]
[JsonSerializable(typeof(MessageJson))]
[JsonSerializable(typeof(PeekJson[]))]
[JsonSerializable(typeof(TopJson[]))]
[JsonSerializable(typeof(BenchJson))]
internal sealed partial class JsonShapes : JsonSerializerContext;

/// <summary>Writes JSON as people and programs like to read it.</summary>
internal static class Json
{
    public static JsonShapes Context { get; } = With(indented: true);

    /// <summary>One value a line.</summary>
    public static JsonShapes Lines { get; } = With(indented: false);

    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> shape)
    {
        output.WriteLine(JsonSerializer.Serialize(value, shape));
        output.Flush();
    }

    // The text goes to a terminal or a program, not into a page: a quote or an umlaut may stand as it is.
    private static JsonShapes With(bool indented) => new(new JsonSerializerOptions(JsonShapes.Default.Options)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
