using System.Globalization;
using Bitmap;
using Samepage;

try
{
    return args switch
    {
        ["put", string path] => Put(path),
        ["get", string path] => Get(path),
        ["info"] => Info(),
        _ => Say(1, """
            Usage: Bitmap put FILE    shares FILE until Ctrl+C or the end of input; each line of input names a FILE that replaces it
                   Bitmap get FILE    writes the shared bitmap to FILE
                   Bitmap info        tells what is shared
            """),
    };
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    return Say(1, failure.Message);
}

static int Put(string path)
{
    // Ctrl+C is an end in good order: the name is given up at once instead of by the next one who looks.
    Console.CancelKeyPress += (_, _) => Environment.Exit(0);
    using var gallery = Gallery.OpenOrMake();
    SharedMemory? current = null;
    for (string? next = path; next is not null; next = Console.In.ReadLine())
    {
        try
        {
            SharedMemory put = gallery.Put(next, out long version);
            // Readers that are copying the one before keep it alive by themselves.
            current?.Dispose();
            current = put;
            Console.Out.WriteLine($"version {version}: {Describe(current)}");
        }
        catch (Exception failure) when (current is not null && failure is IOException or UnauthorizedAccessException)
        {
            _ = Say(1, $"{failure.Message} The bitmap is still the one before.");
        }
    }
    current?.Dispose();
    return 0;
}

static int Get(string path)
{
    using SharedMemory? bitmap = Gallery.TryOpenCurrent(out long version);
    if (bitmap is null)
        return Nothing();
    // Under another name first: a reader that is stopped half-way leaves no half file under this one.
    string unfinished = $"{path}.{Guid.NewGuid():N}.part";
    try
    {
        using (var file = new FileStream(unfinished, FileMode.CreateNew))
            Gallery.CopyOut(bitmap, file);
        File.Move(unfinished, path, overwrite: true);
    }
    finally
    {
        File.Delete(unfinished);
    }
    Console.Out.WriteLine($"version {version}: {Describe(bitmap)}");
    return 0;
}

static int Info()
{
    using SharedMemory? bitmap = Gallery.TryOpenCurrent(out long version);
    return bitmap is null ? Nothing() : Say(0, $"version {version}: {Describe(bitmap)}");
}

static int Nothing() => Say(2, "There is no bitmap: nobody put one, or the one who did has ended.");

static string Describe(SharedMemory bitmap)
{
    using MemoryView view = bitmap.Map(0, Math.Min(bitmap.Size, ImageHeader.MostBytes), MemoryAccess.Read);
    return string.Create(CultureInfo.InvariantCulture, $"{bitmap.Size} bytes, {ImageHeader.Describe(view.ReadOnlySpan)}");
}

static int Say(int code, string message)
{
    (code == 0 ? Console.Out : Console.Error).WriteLine(message);
    return code;
}
