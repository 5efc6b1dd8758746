#include "producer/cli/generate.h"

#include "base/assert.h"

#define NOUNS 10
#define ADJECTIVES 12

static const char *const categories[GENERATE_CATEGORIES] = {
    "Kitchen", "Tea", "Paper", "Lamps", "Textiles", "Garden", "Games", "Bath", "Desk", "Outdoors",
};

static const char *const nouns[GENERATE_CATEGORIES][NOUNS] = {
    {"Ladle", "Bowl", "Skillet", "Grater", "Tray", "Whisk", "Jar", "Knife Block", "Apron", "Sieve"},
    {"Teapot", "Cup", "Caddy", "Strainer", "Kettle", "Tea Tray", "Barley Tea", "Green Tea", "Scoop",
     "Warmer"},
    {"Notebook", "Envelope Set", "Kite", "Screen", "Calendar", "Card Box", "Wrapping", "Album",
     "Fan", "Bookmark"},
    {"Lantern", "Reading Lamp", "Candle", "String Light", "Shade", "Night Light", "Torch",
     "Floor Lamp", "Oil Lamp", "Sconce"},
    {"Quilt", "Cushion", "Towel", "Curtain", "Scarf", "Rug", "Tablecloth", "Blanket", "Pouch",
     "Tote"},
    {"Trowel", "Planter", "Watering Can", "Bird House", "Seed Box", "Rake", "Trellis", "Stool",
     "Wind Chime", "Hose"},
    {"Chess Set", "Puzzle", "Spinning Top", "Card Game", "Yo-yo", "Dice Box", "Marbles", "Domino",
     "Skipping Rope", "Ring Toss"},
    {"Soap", "Brush", "Bath Mat", "Mirror", "Basket", "Shelf", "Robe", "Sponge", "Dispenser",
     "Bucket"},
    {"Pen Rest", "Ink Stone", "Ruler", "Paper Tray", "Clock", "Stapler", "Pencil Cup", "Desk Mat",
     "Letter Opener", "Book End"},
    {"Tent", "Flask", "Lunch Box", "Hammock", "Compass", "Rain Cape", "Camp Stove", "Backpack",
     "Walking Stick", "Field Chair"},
};

static const char *const adjectives[ADJECTIVES] = {
    "Maple", "Celadon", "Indigo", "Brass", "Bamboo", "Walnut",
    "Linen", "Slate",   "Amber",  "Pine",  "Copper", "Ivory",
};

/* SplitMix64 (Steele, Lea and Flood, 2014). */
uint64_t generate_next(struct generate_chance *chance)
{
    uint64_t mixed = chance->state += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

int64_t generate_between(struct generate_chance *chance, int64_t min, int64_t max)
{
    FC_ASSERT(min <= max);
    return min + (int64_t)(generate_next(chance) % (uint64_t)(max - min + 1));
}

bool generate_once_in(struct generate_chance *chance, int64_t count)
{
    return generate_between(chance, 1, count) == 1;
}

const char *generate_category(int32_t index)
{
    FC_ASSERT(index >= 0);
    return categories[index % GENERATE_CATEGORIES];
}

void generate_name(struct fc_buf *buf, const char *house, int32_t index)
{
    int32_t category = index % GENERATE_CATEGORIES;
    int32_t noun = index / GENERATE_CATEGORIES % NOUNS;
    int32_t round = index / (GENERATE_CATEGORIES * NOUNS);

    FC_ASSERT(index >= 0 && index < GENERATE_PRODUCTS_MAX);
    /* 5 and 12 have no common divisor: the adjectives of one noun differ in every round. */
    fc_buf_put_fmt(buf, "%s%s%s %s", house, house[0] != '\0' ? " " : "",
                   adjectives[(round * 5 + noun * 3 + category) % ADJECTIVES],
                   nouns[category][noun]);
}

struct krw generate_price(struct generate_chance *chance)
{
    /* Cheap things are many: the smaller of two. */
    int64_t one = generate_between(chance, 10, 1200);
    int64_t other = generate_between(chance, 10, 1200);

    return KRW((one < other ? one : other) * 100);
}
